/**
 * The real LiteLLM proxy in front of real and of dead llama.cpp servers: every way in which another than the model under test
 * answers, or nobody does, is a named state, and none is a pass. Needs fixtures/servers (see CONTRIBUTING.md); says so when skipped.
 */
import { mkdtempSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from './cli.ts';
import { providers } from './models/index.ts';
import type { CaseResult, RunRecord } from './record.ts';
import { needServer } from './real-servers.ts';

const proxy = await needServer(
  'LiteLLM with fixtures/servers/litellm/faults.yaml',
  process.env['ONPAR_TEST_FAULTS'] ?? 'http://127.0.0.1:18251',
);

const CANDIDATES: Record<string, { options: string; state: RegExp; why: RegExp }> = {
  fine: { options: 'model: alive', state: /^ok$/, why: / / },
  'killed-deployment': {
    options: 'model: half-dead, backend: openai/smollm2-135m-instruct',
    state: /^wrong_model$/,
    why: /"openai\/gemma-3-270m" answered/,
  },
  'with-fallback': { options: 'model: with-fallback, fallbacks: true', state: /^fallback$/, why: /the proxy fell back: "alive" answered/ },
  'fallback-switched-off': { options: 'model: with-fallback', state: /^(cooldown|server_error)$/, why: /tries/ },
  dead: { options: 'model: dead', state: /^(cooldown|server_error)$/, why: /asked at/ },
  'wrong-key': { options: 'model: alive, api_key: "${WRONG_KEY}"', state: /^unauthorized$/, why: /asked at/ },
  'unknown-model': { options: 'model: nobody-knows-it', state: /^unknown_model$/, why: /Invalid model name/ },
};

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-litellm-'));
  mkdirSync(join(folder, 'suites'));
  symlinkSync(new URL('../fixtures', import.meta.url).pathname, join(folder, 'fixtures'));
  const entries = Object.entries(CANDIDATES).map(([name, { options }]) => {
    const key = options.includes('api_key') ? '' : ', api_key: "${KEY}"';
    return `  ${name}: { provider: litellm, base_url: "${proxy.url}/v1", answers: live, concurrency: 1, ${options}${key} }\n`;
  });
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n  known: { provider: file, path: known.jsonl }\n${entries.join('')}`);
  const known = ['france', 'hello'].map((name) => JSON.stringify({ case: name, answer: 'Hello, Paris' }));
  writeFileSync(join(folder, 'suites/known.jsonl'), `${known.join('\n')}\n`);
  writeFileSync(
    join(folder, 'suites/proxy.yaml'),
    `name: proxy\ncapability: general\nbaseline: known\ncandidates: [${Object.keys(CANDIDATES).join(', ')}]\nparity_target: 0.85
defaults: { weights: { coverage: 1 }, params: { max_tokens: 200, temperature: 0 } }
cases:
  - { name: hello, prompt: Say hello., expected_elements: [[hello, hi, hey]] }
  - { name: france, prompt: What is the capital of France?, expected_elements: [Paris] }\n`,
  );
  return folder;
}

async function run(folder: string, args: string[]): Promise<{ code: number; record: RunRecord; results: CaseResult[] }> {
  const env = { ...process.env, KEY: 'sk-local-test', WRONG_KEY: 'sk-wrong-key-1234' };
  const said: string[] = [];
  const quiet = { cwd: folder, env, out: () => undefined, err: (text: string) => void said.push(text) };
  const code = await main(['eval', '--suite', 'proxy', ...args], quiet);
  if (code === 2) throw new Error(said.join(''));
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  const results = read('results.jsonl').trim().split('\n');
  return { code, record: JSON.parse(read('run.json')) as RunRecord, results: results.map((line) => JSON.parse(line) as CaseResult) };
}

describe.skipIf(!proxy.isUp)('through the real LiteLLM proxy', () => {
  test(
    'a killed deployment, a fallback, a cool-down, a wrong key and an unknown model are named, and none passes',
    { timeout: 600_000 },
    async () => {
      const folder = project();
      const { code, record, results } = await run(folder, []);
      expect(code).not.toBe(0);
      for (const [name, { state, why }] of Object.entries(CANDIDATES)) {
        const own = results.filter(({ candidate }) => candidate === name);
        const last = own.at(-1)?.answers.candidate[0];
        expect(last?.state, name).toMatch(state);
        if (last?.state === 'ok') continue;
        expect(last?.why).toMatch(why);
        expect(own.map(({ verdict }) => verdict)).toEqual(['NEEDS_WORK', 'NEEDS_WORK']);
        expect(record.verdicts.find(({ candidate }) => candidate === name)).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'incomplete' });
      }
      expect(record.hosts_contacted).toEqual([new URL(proxy.url).host]);
      expect(JSON.stringify([record, results])).not.toMatch(/sk-local-test|sk-wrong-key/);
    },
  );

  test('a dead box that is held back looks like rate limiting, and is not taken for it', async () => {
    const headers = { authorization: 'Bearer sk-local-test', 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'dead', messages: [{ role: 'user', content: 'Hi' }] });
    const hit = () => fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', headers, body });
    let status = 0;
    for (let tries = 0; tries < 10 && status !== 429; tries++) ({ status } = await hit());
    expect(status).toBe(429);
    const model = { name: 'dead', provider: 'litellm', model: 'dead', answers: 'live' as const, params: {} };
    const options = { base_url: `${proxy.url}/v1`, api_key: 'sk-local-test' };
    const tools = { cwd: '/', env: {}, contacted: () => undefined, now: () => new Date() };
    const opened = await providers.litellm.open({ ...model, options, at: { file: 'models.yaml', line: 1, column: 1 } }, tools);
    const question = { suite: 's', case: 'c', sample: 0, messages: [{ role: 'user' as const, content: 'Hi' }], params: {} };
    const { answer, isTransient, retryAfterMs } = await opened.ask(question, new AbortController().signal);
    expect({ state: answer.state, isTransient }).toEqual({ state: 'cooldown', isTransient: true });
    expect(retryAfterMs).toBeGreaterThan(0);
  });

  test('a prompt beyond the context is named as such', async () => {
    const folder = project();
    const suite = join(folder, 'suites/proxy.yaml');
    const long = 'word '.repeat(9000);
    writeFileSync(
      suite,
      readFileSync(suite, 'utf8')
        .replace(/candidates: .*/, 'candidates: [fine]')
        .replace('Say hello.', long),
    );
    const { results } = await run(folder, ['-t', 'hello']);
    expect(results[0]).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'context_overflow' });
  });
});
