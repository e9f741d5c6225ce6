import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { checkConfig, mendConfig } from './check-config.ts';
import { isLocal } from './deployments.ts';

const fixtures = new URL('../../fixtures/litellm/', import.meta.url).pathname;
const read = (name: string) => readFileSync(join(fixtures, name), 'utf8');
const wrong = readdirSync(join(fixtures, 'wrong')).map((name) => `wrong/${name}`);

const told = (text: string, file = 'config.yaml') =>
  checkConfig(text, file).map(({ severity, code, at }) => `${at.line} ${severity} ${code.replace('litellm/', '')}`);

/** `#! error some-code` at the end of a line. */
function expected(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const marks = /#! (.*)$/.exec(line)?.[1] ?? '';
    return [...marks.matchAll(/(error|warning|note) ([a-z0-9-]+)/g)].map(([mark]) => `${index + 1} ${mark}`);
  });
}

describe('a configuration', () => {
  test('of the migration strategy: every mistake is found on its line', () => {
    expect(told(read('strategy.yaml'))).toEqual([
      '3 note no-timeout',
      '23 error alias-list',
      '24 error alias-list',
      '25 error fallbacks-map',
      '26 error fallback-target',
      '27 error fallback-target',
      '29 warning policy-key',
      '30 warning policy-key',
    ]);
  });

  test.each(wrong)('%s: what is marked is found, and nothing else', (name) => {
    const text = read(name);
    expect(expected(text).length).toBeGreaterThan(0);
    expect(told(text).sort()).toEqual(expected(text).sort());
  });

  test.each(['right/shapes.yaml', 'right/elsewhere.yaml'])('%s: nothing is found', (name) => {
    expect(told(read(name))).toEqual([]);
  });

  test.each([
    ['http://localhost:1234', true],
    ['http://127.0.0.1:8080', true],
    ['http://10.1.2.3', true],
    ['http://172.31.0.9', true],
    ['http://[fd12:3456::1]:8000', true],
    ['http://box.lan', true],
    ['https://fd.example.com', false],
    ['https://fcbank.example', false],
    ['https://10.example.com', false],
    ['https://172.32.0.1', false],
    ['https://api.openai.com', false],
  ])('%s is on this network: %s', (address, isHere) => {
    expect(isLocal(new URL(address))).toBe(isHere);
  });

  test('names the place to the column, what the proxy does, and the fix', () => {
    const [finding] = checkConfig('router_settings:\n  routing_strategy: least_busy\n', 'proxy/config.yaml');
    expect(finding).toMatchObject({ at: { file: 'proxy/config.yaml', line: 2, column: 21 }, fix: 'did you mean "least-busy"?' });
    expect(finding?.proxy).toContain('does not start');
  });

  test.each([
    ['', 'nothing'],
    ['cases: []\n', 'a suite'],
    ['model_list: [\n', 'broken YAML'],
    ['- model_list\n', 'a list'],
  ])('%j is refused: %s', (text) => {
    expect(() => checkConfig(text, 'x.yaml')).toThrow(InputError);
  });
});

describe('mending', () => {
  test('the strategy leaves nothing that the proxy punishes, and keeps comments and order', () => {
    const { text, left } = mendConfig(read('strategy-whole.yaml'), 'config.yaml');
    expect(left.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['note litellm/no-timeout', 'note litellm/shared-server']);
    for (const comment of [
      '# reasoning',
      '# everything else',
      '# the thinkers',
      '# when the box is down',
      '# the other big one',
      '# every caller has it',
    ])
      expect(text).toContain(comment);
    const from = text.indexOf('router_settings');
    expect(text.slice(0, from)).toBe(read('strategy-whole.yaml').slice(0, from));
    expect(text.slice(from)).toBe(`router_settings:
  routing_strategy: "least-busy"
  model_group_alias:
    reasoning: qwq-32b-preview # the thinkers
    general: qwen2.5-72b-instruct
  fallbacks:
    # when the box is down
    - qwq-32b-preview: ["deepseek-r1-distill-32b"]
    - qwen2.5-72b-instruct: [llama-3.3-70b-instruct] # the other big one
    - reasoning: [deepseek-r1-distill-32b]
    - general: [llama-3.3-70b-instruct]
  num_retries: 3
  retry_after: 1
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY # every caller has it
`);
  });

  test.each([...wrong, 'strategy.yaml'])('%s leaves no more than before, and once is enough', (name) => {
    const before = checkConfig(read(name), name);
    const { text, left, done } = mendConfig(read(name), name);
    expect(left.length).toBeLessThanOrEqual(before.length);
    expect(mendConfig(text, name)).toMatchObject({ text, done: [] });
    if (done.length === 0) expect(text).toBe(read(name));
  });

  test('what has several meanings is left, and told', () => {
    const codes = (name: string) =>
      mendConfig(read(name), name)
        .left.filter(({ severity }) => severity !== 'note')
        .map(({ code }) => code.replace('litellm/', ''));
    expect(codes('strategy.yaml')).toEqual([]);
    expect(codes('wrong/twice.yaml')).toEqual(['duplicate-key']);
    expect(codes('wrong/deployments.yaml')).toEqual(['not-expanded', 'shared-server']);
  });

  test('a right file stays as it is, to the byte', () => {
    expect(mendConfig(read('right/shapes.yaml'), 'x.yaml')).toEqual({ text: read('right/shapes.yaml'), done: [], left: [] });
  });

  test('keys leave the file; the variable to set is told, the key never', () => {
    const file = (key: string) => `model_list:
  - { model_name: cloud, litellm_params: { model: openai/gpt-4.1, api_key: ${key} } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4, api_key: sk-ant-api03-Zx9Yw8Vu7Ts6Rq5Po4 } }
  - { model_name: again, litellm_params: { model: openai/gpt-4.1-mini, api_key: ${key} } }
  - { model_name: other, litellm_params: { model: openai/gpt-4.1, api_key: sk-proj-9aB8cD7eF6gH5iJ4kL3m } }
  - { model_name: our-box, litellm_params: { model: openai/x, api_base: "http://10.0.0.5:8000/v1", api_key: sk-box-1a2b3c4d5e6f7g8h9i0j } }
`;
    const { text, done, left } = mendConfig(file('sk-proj-1aB2cD3eF4gH5iJ6kL7m'), 'config.yaml');
    expect([...text.matchAll(/os\.environ\/(\w+)/g)].map(([, name]) => name)).toEqual([
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'OPENAI_API_KEY',
      'OTHER_API_KEY',
      'OUR_BOX_API_KEY',
    ]);
    expect(done.join()).toContain('set OTHER_API_KEY');
    expect(JSON.stringify([text, done, left, checkConfig(file('sk-proj-1aB2cD3eF4gH5iJ6kL7m'), 'x')])).not.toMatch(/sk-(proj|ant|box)-/);
  });
});
