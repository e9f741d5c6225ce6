/** Kill -9 at any moment, then `--resume`: no answer is lost, and no more calls are repeated than were in flight. */
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMockServer } from '../fixtures/servers/load-server.mjs';

const root = new URL('..', import.meta.url).pathname;
const bin = join(root, 'dist/bin.js');
const CASES = 1000;
const IN_FLIGHT = 8;

const load = createMockServer({ port: 0, latency: 4 });
let url = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${(await load.listen()).port}/v1`;
});
afterAll(() => {
  load.server.close();
  load.server.closeAllConnections();
});

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-resume-'));
  mkdirSync(join(folder, 'suites'));
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'));
  const entry = (model: string) =>
    `{ provider: openai-compatible, base_url: "${url}", model: ${model}, answers: live, concurrency: ${IN_FLIGHT} }`;
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n  base: ${entry('baseline')}\n  cand: ${entry('candidate-drop-10')}\n`);
  const rows = Array.from({ length: CASES }, (_, i) => JSON.stringify({ name: `c${i}`, word: `word${i}` }));
  writeFileSync(join(folder, 'suites/rows.jsonl'), `${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'suites/many.yaml'),
    `name: many\ncapability: general\nbaseline: base\ncandidates: [cand]\nparity_target: 0.85\ndefaults: { weights: { coverage: 1 } }
dataset: { path: rows.jsonl, case: { name: "{{name}}", prompt: "Say {{word}}", expected_elements: [{ text: ["{{word}}"] }] } }\n`,
  );
  return folder;
}

/** Runs until it ends by itself (its code), or is killed (null) so many milliseconds after its first question. */
async function onpar(cwd: string, args: string[], killAfterMs: number | null): Promise<number | null> {
  const child = spawn(process.execPath, [bin, 'eval', ...args], { cwd, stdio: 'ignore', env: { ...process.env, NO_COLOR: '1' } });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (killAfterMs === null) return ended;
  const asked = load.stats().requests;
  while (load.stats().requests === asked && child.exitCode === null) await sleep(5);
  await Promise.race([ended, sleep(killAfterMs)]);
  child.kill('SIGKILL');
  return ended;
}

/** What a run says, times and run names aside, and the bytes sent: of a run that was resumed only the last part's are known. */
function told(folder: string): unknown {
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  const timeless = (text: string): unknown =>
    JSON.parse(text, (key, value: unknown) =>
      /^(timings|first_token_ms|total_ms|tokens_per_second|recorded_at|started_at|finished_at|run|command|hosts_contacted|seconds|egress)$/.test(
        key,
      )
        ? undefined
        : value,
    );
  return { record: timeless(read('run.json')), results: read('results.jsonl').trim().split('\n').map(timeless) };
}

test('twenty kills at random moments of a run of 1,000 cases lose nothing', { timeout: 600_000 }, async () => {
  const whole = project();
  const expected = await onpar(whole, ['--suite', 'many'], null);
  const before = load.stats().requests;

  const broken = project();
  let kills = 0;
  let code = await onpar(broken, ['--suite', 'many'], Math.random() * 100);
  for (; code === null && kills < 19; kills++) code = await onpar(broken, ['--resume'], Math.random() * 100);
  if (code === null) code = await onpar(broken, ['--resume'], null);

  expect(code).toBe(expected);
  expect(told(broken)).toEqual(told(whole));
  const answers = readFileSync(join(broken, 'reports/latest/answers.jsonl'), 'utf8');
  const lines = answers.split('\n').filter((line) => line.endsWith('}') && line.startsWith('{'));
  expect(new Set(lines.map((line) => (JSON.parse(line) as { request: string }).request)).size).toBe(2 * CASES);
  expect(load.stats().requests - before).toBeLessThanOrEqual(2 * CASES + (kills + 1) * 2 * IN_FLIGHT);
});
