/** The reusable GitHub Action and the workflows: read as YAML, and the steps of the action run by bash as a runner would. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = new URL('..', import.meta.url).pathname;
const bin = join(root, 'dist/bin.js');

interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}
const read = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'));
const action = read('action.yml') as Action;

/** `${{ inputs.x }}`, `${{ steps.eval.outputs.y }}` → its value. */
const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => values[name] ?? `no value for ${name}`);

/** Runs the action's own scripts one after another, as a runner does: bash -eo pipefail, outputs through a file. */
function runAction(inputs: Record<string, string>, env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-action-'));
  cpSync(join(root, 'fixtures/cli'), cwd, { recursive: true });
  const values: Record<string, string> = {};
  for (const [name, { default: value }] of Object.entries(action.inputs)) values[`inputs.${name}`] = inputs[name] ?? value;
  const files = { GITHUB_OUTPUT: join(cwd, 'output'), GITHUB_STEP_SUMMARY: join(cwd, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  let [log, status]: [string, number | null] = ['', 0];
  for (const step of action.runs.steps) {
    if (step.run === undefined || status !== 0 || step.name === 'Install') continue;
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, values)]));
    const ci = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: cwd,
      ...files,
      ONPAR_CACHE: join(cwd, 'cache'),
      OPENAI_API_KEY: '',
      NO_COLOR: '1',
    };
    writeFileSync(join(cwd, 'step.sh'), step.run);
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', 'step.sh'];
    const ran = spawnSync('bash', args, { cwd, env: { ...process.env, ...ci, ...env, ...own }, encoding: 'utf8', timeout: 100_000 });
    log += ran.stdout + ran.stderr;
    status = ran.status;
    for (const line of readFileSync(files.GITHUB_OUTPUT, 'utf8').trim().split('\n')) {
      const [name = '', value = ''] = line.split('=');
      values[`steps.${step.id ?? ''}.outputs.${name}`] = value;
    }
  }
  const output = (name: string) => fill(action.outputs[name]?.value ?? '', values);
  return {
    cwd,
    status,
    log,
    verdict: output('verdict'),
    code: output('exit-code'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

describe('the action', () => {
  const command = `${process.execPath} ${bin}`;
  test.each([
    ['capitals', 0, 'PASS', 'Every suite PASS.'],
    ['capitals-bad', 1, 'NEEDS_WORK', '::error title=onpar::NEEDS_WORK by its answers'],
    ['capitals-strict', 3, 'UNDECIDED', '::error title=onpar::UNDECIDED. This says nothing against the candidate'],
    ['capitls', 2, 'ERROR', '::error title=onpar::Nothing was judged'],
  ])('of %s ends with code %d, verdict %s and its message', (suite, code, verdict, message) => {
    const ran = runAction({ suite, command });
    expect(ran).toMatchObject({ status: code, code: String(code), verdict });
    expect(ran.log).toContain(message);
    expect(ran.summary.includes('## onpar:')).toBe(code !== 2);
    expect(ran.log.includes('::error file=suites/capitals')).toBe(code === 1 || code === 3);
  });

  test('leaves the job green where it is told to, with the verdict in its outputs', () => {
    expect(runAction({ suite: 'capitals-bad', command, gate: 'false' })).toMatchObject({ status: 0, verdict: 'NEEDS_WORK', code: '1' });
  });

  test('passes flags on, word by word, and runs none of them as a script', () => {
    const ran = runAction({
      suite: 'capitals',
      command,
      out: 'my reports',
      args: '--annotations none -t japan $(touch hacked) ;touch hacked',
    });
    expect(ran.log).toContain('takes no word');
    expect(existsSync(join(ran.cwd, 'hacked'))).toBe(false);
    const quiet = runAction({ suite: 'capitals-bad', command, out: 'my reports', args: '--annotations\n  none\n' });
    expect(quiet.log).not.toContain('::error file=');
    expect(readdirSync(join(quiet.cwd, 'my reports'))).toContain('latest');
  });

  test('holds no expression inside a script, and every step that runs one says its shell', () => {
    for (const { run, shell } of action.runs.steps) {
      if (run === undefined) continue;
      expect(run).not.toContain('${{');
      expect(shell).toBe('bash');
    }
  });
});

describe('workflows', () => {
  const folder = '.github/workflows';
  const files = ['action.yml', ...readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)];
  const stepsOf = (file: string): Step[] => {
    const parsed = read(file) as Partial<Action> & { jobs?: Record<string, { steps: Step[] }> };
    return [...(parsed.runs?.steps ?? []), ...Object.values(parsed.jobs ?? {}).flatMap(({ steps }) => steps)];
  };

  test.each(files)('%s is YAML whose actions are pinned by hash, or its own', (file) => {
    const used = stepsOf(file).flatMap(({ uses }) => uses ?? []);
    expect(used.filter((uses) => uses !== './' && !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  test.each(files)('%s gives the action only inputs that it has', (file) => {
    const given = stepsOf(file).flatMap(({ uses, with: inputs }) => (uses === './' ? Object.keys(inputs ?? {}) : []));
    expect(given.filter((name) => !(name in action.inputs))).toEqual([]);
  });

  test.each(files)('%s has scripts that bash can read', (file) => {
    for (const { run } of stepsOf(file)) {
      if (run === undefined) continue;
      const { status, stderr } = spawnSync('bash', ['-n'], { input: run.replace(/\$\{\{.*?\}\}/g, 'x'), encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });
});
