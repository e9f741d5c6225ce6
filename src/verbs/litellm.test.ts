import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../cli.ts';

const fixtures = new URL('../../fixtures/litellm/', import.meta.url).pathname;

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-litellm-'));
  for (const name of names) copyFileSync(join(fixtures, name), join(folder, name.split('/').at(-1) ?? ''));
  return folder;
}

async function onpar(cwd: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  const code = await main(argv, { cwd, env: {}, width: 80, out: (text) => void out?.push(text), err: (text) => void err?.push(text) });
  return { code, out: out?.join('') ?? '', err: err?.join('') ?? '' };
}

test('check tells place, what the proxy does and the fix, and ends with 1; it changes nothing', async () => {
  const folder = folderWith('strategy.yaml');
  const { code, out } = await onpar(folder, 'litellm', 'check', 'strategy.yaml');
  expect(code).toBe(1);
  expect(out).toContain('strategy.yaml:25:3  error  fallbacks is a map');
  expect(out).toContain(`LiteLLM: does not start: "Item 'qwq-32b-preview' is not a dictionary."`);
  expect(out).toContain('5 errors, 2 warnings, 1 note');
  expect(readFileSync(join(folder, 'strategy.yaml'), 'utf8')).toBe(readFileSync(join(fixtures, 'strategy.yaml'), 'utf8'));
});

test.each([
  ['right/shapes.yaml', 0],
  ['wrong/start.yaml', 1],
])('%s ends with %d', async (name, expected) => {
  expect((await onpar(fixtures, 'litellm', 'check', name)).code).toBe(expected);
});

test('--json is one object', async () => {
  const { out } = await onpar(fixtures, 'litellm', 'check', 'strategy.yaml', '--json');
  const { findings, ...rest } = JSON.parse(out) as { findings: object[] };
  expect(rest).toEqual({ file: 'strategy.yaml', litellm: '1.106.2', errors: 5, warnings: 2, notes: 1 });
  expect(findings[1]).toMatchObject({ severity: 'error', code: 'litellm/alias-list', line: 23, column: 16 });
});

test('--fix -o writes there and leaves the file; --fix alone writes the file', async () => {
  const folder = folderWith('strategy.yaml');
  const before = readFileSync(join(folder, 'strategy.yaml'), 'utf8');
  const { code, out } = await onpar(folder, 'litellm', 'check', 'strategy.yaml', '--fix', '-o', 'mended.yaml');
  expect(code).toBe(0);
  expect(out).toContain('fixed: max_retries of retry_policy is num_retries of router_settings now');
  expect(readFileSync(join(folder, 'strategy.yaml'), 'utf8')).toBe(before);
  await onpar(folder, 'litellm', 'check', 'strategy.yaml', '--fix');
  expect(readFileSync(join(folder, 'strategy.yaml'), 'utf8')).toBe(readFileSync(join(folder, 'mended.yaml'), 'utf8'));
  expect((await onpar(folder, 'litellm', 'check', 'strategy.yaml')).code).toBe(0);
});

test('what is left after --fix decides the code', async () => {
  const folder = folderWith('wrong/deployments.yaml');
  const { code, out } = await onpar(folder, 'litellm', 'check', 'deployments.yaml', '--fix');
  expect(code).toBe(1);
  expect(out).toContain('2 warnings');
  expect(out).toContain('set OPENAI_API_KEY');
  expect(out).not.toContain('sk-proj');
});

test.each([
  [['litellm'], 'cli/usage'],
  [['litellm', 'check'], 'cli/usage'],
  [['litellm', 'check', 'strategy.yaml', '-o', 'x.yaml'], '-o says where --fix'],
  [['litellm', 'check', 'nobody.yaml'], 'cannot read nobody.yaml'],
  [['litellm', 'check', '../cli/suites/capitals.yaml'], 'no LiteLLM configuration'],
  [['import', 'litellm'], 'name one configuration file'],
  [['import', 'litellm', 'strategy.yaml', '--base-url', 'localhost'], 'no address'],
])('%j is bad input', async (argv, words) => {
  const { code, err } = await onpar(fixtures, ...argv);
  expect(code).toBe(2);
  if (!words.startsWith('cli/')) expect(err).toContain(words);
});

test('import litellm gives entries that models.yaml takes, with the backend where one is certain', async () => {
  const folder = folderWith();
  writeFileSync(
    join(folder, 'proxy.yaml'),
    `model_list:
  - { model_name: one, litellm_params: { model: openai/qwen2.5-72b, api_base: "http://10.0.0.5:8000/v1", api_key: none } }
  - { model_name: two, litellm_params: { model: openai/a, api_base: "http://10.0.0.5:8000/v1", api_key: none } }
  - { model_name: two, litellm_params: { model: openai/b, api_base: "http://10.0.0.6:8000/v1", api_key: none } }
  - { model_name: team/three, litellm_params: { model: gpt-4.1 } }
  - { model_name: "any/*", litellm_params: { model: "openai/*" } }
  - { model_name: vectors, litellm_params: { model: openai/bge-m3 }, model_info: { mode: embedding } }
router_settings: { model_group_alias: { reasoning: one } }
`,
  );
  const { code, out } = await onpar(
    folder,
    'import',
    'litellm',
    'proxy.yaml',
    '--base-url',
    'http://127.0.0.1:4001/v1',
    '-o',
    'models.yaml',
  );
  expect({ code, out }).toEqual({ code: 0, out: '4 models → models.yaml\n' });
  const text = readFileSync(join(folder, 'models.yaml'), 'utf8');
  expect(text).toContain('# left out: vectors (its mode is embedding)');
  const again = await onpar(folder, 'import', 'litellm', 'proxy.yaml', '-o', 'models.yaml');
  expect(again.code).toBe(2);
  writeFileSync(
    join(folder, 'suite.yaml'),
    'name: s\ncapability: general\nbaseline: one\ncandidates: [two, team-three, reasoning]\nparity_target: 0.85\ncases: [{ name: a, prompt: Hi, expected_elements: [hello] }]\n',
  );
  const { loadSuites } = await import('../suite/load-suites.ts');
  const { optionsFor } = await import('../suite/test-kinds.ts');
  const { providers } = await import('../models/index.ts');
  const options = { ...optionsFor(folder, { models: 'models.yaml', suites: ['suite.yaml'], providers }), env: { LITELLM_KEY: 'sk-1' } };
  const { models } = await loadSuites(options);
  expect([...models.values()].map(({ name, model, options: { backend } }) => [name, model, backend])).toEqual([
    ['one', 'one', 'openai/qwen2.5-72b'],
    ['two', 'two', undefined],
    ['team-three', 'team/three', undefined],
    ['reasoning', 'reasoning', 'openai/qwen2.5-72b'],
  ]);
});
