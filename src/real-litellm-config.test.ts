/**
 * What `onpar litellm check` says the proxy does, against the real proxy; and that a mended configuration starts, and answers through
 * every alias and every fallback. Stand-ins: the strategy's four models are llama.cpp servers with SmolLM2-135M and Gemma-3-270m (they do
 * not look at the name that is asked for); "the box is down" is a port on which nobody listens.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { main } from './cli.ts';
import { checkConfig, mendConfig } from './litellm/check-config.ts';
import { needServer } from './real-servers.ts';

const fixtures = new URL('../fixtures/', import.meta.url).pathname;
const PORT = process.env['ONPAR_TEST_CONFIG_PORT'] ?? '18261';
const DEAD = 'http://127.0.0.1:18298/v1';
const KEY = 'sk-local-test';
/** As fixtures/servers/start-litellm.sh has it. */
const cache = process.env['ONPAR_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'onpar');
const python = join(process.env['DIR'] ?? join(cache, 'servers'), 'litellm-venv/bin/python');

const servers = [
  await needServer('SmolLM2', process.env['ONPAR_TEST_LLAMA'] ?? 'http://127.0.0.1:18202'),
  await needServer('SmolLM2, thinking', 'http://127.0.0.1:18203'),
  await needServer('Gemma', 'http://127.0.0.1:18201'),
];
const isReady = servers.every(({ isUp }) => isUp) && existsSync(python);

const read = (name: string) => readFileSync(join(fixtures, 'litellm', name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'onpar-litellm-config-'));

function script(word: 'start' | 'stop', config = ''): Promise<unknown> {
  const env = { ...process.env, PORT, CONFIG: config, LITELLM_MASTER_KEY: KEY };
  return promisify(execFile)('bash', [join(fixtures, 'servers/start-litellm.sh'), word], { env, timeout: 150_000 });
}

/** Starts a proxy of its own with `text`, and stops it whatever happens. */
async function withProxy(name: string, text: string, work: () => Promise<void>): Promise<void> {
  const file = join(folder, name);
  writeFileSync(file, text);
  try {
    await script('start', file);
    await work();
  } finally {
    await script('stop');
  }
}

interface Answered {
  status: number;
  group: string | null;
  fallbacks: string | null;
  text: string;
}

async function ask(model: string): Promise<Answered> {
  const response = await fetch(`http://127.0.0.1:${PORT}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 4, messages: [{ role: 'user', content: 'Say hello.' }] }),
  });
  const header = (name: string) => response.headers.get(`x-litellm-${name}`);
  return { status: response.status, group: header('model-group'), fallbacks: header('attempted-fallbacks'), text: await response.text() };
}

describe.skipIf(!isReady)('with the real LiteLLM', { timeout: 600_000 }, () => {
  test('the files of which check says that the proxy does not start are those that it refuses', () => {
    const names = [
      'strategy.yaml',
      'strategy-whole.yaml',
      'right/shapes.yaml',
      'wrong/deployments.yaml',
      'wrong/empty-model.yaml',
      'wrong/routing.yaml',
      'wrong/start.yaml',
      'wrong/twice.yaml',
    ];
    // each reason not to start, one to a file: the first would hide the others
    const single: Record<string, string> = {
      'keys.yaml': 'router_settings: { fallbacks: [{ a: [b], c: [d] }] }',
      'item.yaml': 'router_settings: { fallbacks: [a] }',
      'policy-map.yaml': 'litellm_settings: { content_policy_fallbacks: { a: [b] } }',
      'window-map.yaml': 'litellm_settings: { context_window_fallbacks: { a: [b] } }',
      'hidden.yaml': 'router_settings: { model_group_alias: { a: { model: b } } }',
      'alias-list.yaml': 'router_settings: { model_group_alias: [{ a: b }] }',
      'policy.yaml': 'router_settings: { retry_policy: { TimeoutErrorRetries: often } }',
      'policy-key.yaml': 'router_settings: { retry_policy: { max_retries: 3 } }',
      'strategy-name.yaml': 'router_settings: { routing_strategy: least_busy }',
      'health.yaml': 'router_settings: { health_check_interval: 300 }',
      'no-params.yaml': 'model_list: [{ model_name: a }]',
      'no-model.yaml': 'model_list: [{ model_name: a, litellm_params: { api_base: "http://10.0.0.5/v1" } }]',
      'no-name.yaml': 'model_list: [{ litellm_params: { model: openai/a } }]',
      'number.yaml': 'model_list: [{ model_name: 3.5, litellm_params: { model: openai/a } }]',
    };
    for (const [name, text] of Object.entries(single)) writeFileSync(join(folder, name), `${text}\n`);
    const files = [...names.map((name) => join(fixtures, 'litellm', name)), ...Object.keys(single).map((name) => join(folder, name))];
    const said = execFileSync(python, [join(fixtures, 'servers/starts.py'), ...files], { encoding: 'utf8', timeout: 120_000 });
    const real = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<string, string | null>;
    const refused = files.filter((file) => typeof real[file] === 'string');
    const claimed = files.filter((file) =>
      checkConfig(readFileSync(file, 'utf8'), file).some(({ proxy }) => proxy.startsWith('does not start')),
    );
    expect(refused.length).toBeGreaterThan(12);
    expect(claimed).toEqual(refused);
    // mended, they start, but for what only their writer knows
    const mended = files.map((file) => {
      writeFileSync(`${join(folder, 'mended-')}${files.indexOf(file)}.yaml`, mendConfig(readFileSync(file, 'utf8'), file).text);
      return `${join(folder, 'mended-')}${files.indexOf(file)}.yaml`;
    });
    const again = JSON.parse(
      execFileSync(python, [join(fixtures, 'servers/starts.py'), ...mended], { encoding: 'utf8', timeout: 120_000 })
        .trim()
        .split('\n')
        .at(-1) ?? '',
    ) as Record<string, string | null>;
    const stillRefused = mended.filter((file) => typeof again[file] === 'string');
    expect(stillRefused).toEqual(
      mended.filter((file) => checkConfig(readFileSync(file, 'utf8'), file).some(({ proxy }) => proxy.startsWith('does not start'))),
    );
    expect(stillRefused.length).toBeLessThan(refused.length);
  });

  test('the file as teams copy it does not start, with the words that check gives', async () => {
    const file = join(fixtures, 'litellm/strategy.yaml');
    const words = "Item 'qwq-32b-preview' is not a dictionary.";
    expect(
      checkConfig(read('strategy.yaml'), file)
        .map(({ proxy }) => proxy)
        .join(),
    ).toContain(words);
    await expect(script('start', file)).rejects.toThrow(words);
    await script('stop');
  });

  test('mended, it starts and answers through every name; a list as an alias, left in beside them, answers 400', async () => {
    for (const name of ['strategy.yaml', 'strategy-whole.yaml']) {
      const out = join(folder, `mended-${name}`);
      const quiet = { cwd: folder, out: () => undefined, err: () => undefined };
      expect(await main(['litellm', 'check', join(fixtures, 'litellm', name), '--fix', '-o', out], quiet)).toBe(0);
      const list = '  model_group_alias:\n    as-a-list: [qwq-32b-preview]\n';
      let text = readFileSync(out, 'utf8').replace('  model_group_alias:\n', list);
      if (!text.includes('master_key')) text += `general_settings: { master_key: ${KEY} }\n`;
      await withProxy(name, text, async () => {
        const names = [
          'reasoning',
          'general',
          'qwq-32b-preview',
          'qwen2.5-72b-instruct',
          ...(name === 'strategy.yaml' ? [] : ['deepseek-r1-distill-32b', 'llama-3.3-70b-instruct']),
        ];
        for (const one of names) expect({ one, ...(await ask(one)) }).toMatchObject({ one, status: 200, fallbacks: '0' });
        const wrong = await ask('as-a-list');
        expect(wrong.status).toBe(400);
        expect(wrong.text).toContain('There are no healthy deployments for this model');
      });
    }
  });

  test('mended, it answers through every fallback when both boxes are down; an alias without one of its own does not', async () => {
    const { text } = mendConfig(read('strategy-whole.yaml'), 'config.yaml');
    const down = text
      .replace(/(model: openai\/qwq-32b-preview\n\s+api_base: )\S+/, `$1${DEAD}`)
      .replace(/(model: openai\/qwen2\.5-72b-instruct\n\s+api_base: )\S+/, `$1${DEAD}`)
      .replace('  model_group_alias:\n', '  model_group_alias:\n    bare: qwq-32b-preview\n');
    expect(down.split(DEAD)).toHaveLength(3);
    expect(
      checkConfig(down, 'config.yaml')
        .filter(({ severity }) => severity !== 'note')
        .map(({ code }) => code),
    ).toEqual(['litellm/alias-without-fallback']);
    await withProxy('down.yaml', down, async () => {
      const expected = {
        'qwq-32b-preview': 'deepseek-r1-distill-32b',
        reasoning: 'deepseek-r1-distill-32b',
        'qwen2.5-72b-instruct': 'llama-3.3-70b-instruct',
        general: 'llama-3.3-70b-instruct',
      };
      for (const [name, group] of Object.entries(expected))
        expect({ name, ...(await ask(name)) }).toMatchObject({ name, status: 200, group, fallbacks: '1' });
      expect((await ask('bare')).status).toBeGreaterThanOrEqual(400);
    });
  });
});
