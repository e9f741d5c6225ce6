import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { type LoadOptions, loadSuites } from './load-suites.ts';
import { optionsFor } from './test-kinds.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const MODELS = 'models:\n  base: { provider: openai }\n  other: { provider: openai, model: gpt-4o, params: { seed: 1 }, answers: live }\n';
const head = (name: string) => `name: ${name}\ncapability: general\nbaseline: base\ncandidates: [other]\nparity_target: 0.9\n`;
const CASE = 'cases: [{ name: one, prompt: Say x, expected_elements: [x] }]\n';

/** Writes the files into a folder of their own and loads from there. */
function load(files: Record<string, string>, more: Partial<LoadOptions> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-suite-'));
  folders.push(cwd);
  for (const [name, text] of Object.entries({ 'suites/models.yaml': MODELS, ...files })) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return loadSuites(optionsFor(cwd, { models: 'suites/models.yaml', suites: [], ...more }));
}

/** The only suite of `text`. */
async function one(text: string, files: Record<string, string> = {}) {
  const { suites } = await load({ ...files, 'suites/a.yaml': text });
  const [suite] = suites;
  if (!suite) throw new Error('no suite');
  return { ...suite, cases: [...suite.cases] };
}

test('a suite arrives whole, with its defaults and its places', async () => {
  const suite = await one(
    `${head('a')}description: d\nself_parity: other\ndecision: point\nlanguage: en
defaults: { params: { temperature: 0, top_p: 1 }, samples: { baseline: 3 }, tags: [all], read: { json: answer }, critical: true }
cases:
  - name: first
    messages: [{ role: system, content: Be brief }, { role: user, content: "{{#each list}}<{{this}}> {{/each}}\\\\{{kept}}" }]
    vars: { list: [a, 5] }
    params: { temperature: 1 }
    tags: [own, all]
    critical: false
    language: de
    read: { after: "####" }
    weights: { coverage: 1 }
    expected_elements: [x, [UX, "{{list.length}}"], { equals: "-15", as: number, required: true, weight: 2 }, { text: [a, b], weight: 3 }]
`,
  );
  expect(suite).toMatchObject({
    ...{ name: 'a', description: 'd', capability: 'general', baseline: 'base', candidates: ['other'], self_parity: 'other' },
    ...{ parity_target: 0.9, decision: 'point', baseline_samples: 3, file: 'suites/a.yaml' },
  });
  const at = (column: number) => ({ file: 'suites/a.yaml', line: 21, column });
  expect(suite.cases).toEqual([
    {
      name: 'first',
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: '<a> <5> {{kept}}' },
      ],
      elements: [
        { kind: 'text', options: { any_of: ['x'] }, label: 'x', weight: 1, required: false, at: at(25) },
        { kind: 'text', options: { any_of: ['UX', '2'] }, label: 'UX | 2', weight: 1, required: false, at: at(28) },
        { kind: 'equals', options: { equals: '-15', as: 'number' }, label: 'equals -15', weight: 2, required: true, at: at(53) },
        { kind: 'text', options: { any_of: ['a', 'b'] }, label: 'a | b', weight: 3, required: false, at: at(111) },
      ],
      read: { after: '####' },
      weights: { coverage: 1 },
      params: { temperature: 1, top_p: 1 },
      tags: ['all', 'own'],
      critical: false,
      language: 'de',
      at: { file: 'suites/a.yaml', line: 12, column: 5 },
    },
  ]);
});

test('what a suite leaves out has its default', async () => {
  const suite = await one(head('a') + CASE);
  expect(suite).toMatchObject({ description: null, self_parity: null, decision: 'bounds', baseline_samples: 1 });
  expect(suite.cases[0]).toMatchObject({
    read: null,
    weights: { coverage: 0.5, similarity: 0.5 },
    tags: [],
    critical: false,
    language: null,
  });
});

test('no element is needed where coverage does not count', async () => {
  const suite = await one(`${head('a')}cases: [{ name: one, prompt: Say x, expected_elements: [], weights: { similarity: 1 } }]`);
  expect(suite.cases[0]?.elements).toEqual([]);
});

test('braces in elements are left alone where a case has no variables', async () => {
  const suite = await one(`${head('a')}cases: [{ name: one, prompt: Say x, expected_elements: ['x^{{2}}'] }]`);
  expect(suite.cases[0]?.elements[0]?.options).toEqual({ any_of: ['x^{{2}}'] });
});

test('an anchor may be used in every case of a long suite', async () => {
  const cases = Array.from({ length: 500 }, (_, i) => `  - { name: c${i}, prompt: Say x, expected_elements: *e }\n`).join('');
  const suite = await one(`${head('a')}defaults: { tags: &e [x] }\ncases:\n${cases}`);
  expect(suite.cases).toHaveLength(500);
});

test('rows of a CSV with a byte order mark, quoted newlines and Windows line ends become cases', async () => {
  const csv = '\uFEFFid,question,wanted answer\r\n7,"two\r\nlines, ""quoted""",3.10\r\n8,{{id}},x\r\n';
  const suite = await one(
    `${head('a')}dataset: { path: ../data/q.csv, case: { name: "q{{id}}", prompt: "{{question}}", expected_elements: ["{{[wanted answer]}}"], tags: ["t{{id}}"] } }`,
    { 'data/q.csv': csv },
  );
  expect(
    suite.cases.map(({ name, messages, elements, tags, at }) => [name, messages[0]?.content, elements[0]?.label, tags, at.line]),
  ).toEqual([
    ['q7', 'two\nlines, "quoted"', '3.10', ['t7'], 2],
    ['q8', '{{id}}', 'x', ['t8'], 4],
  ]);
  expect(suite.cases[0]?.at.file).toBe('data/q.csv');
});

test('numbers of a JSONL row are filled in as they are written, and a list may be taken whole', async () => {
  const rows =
    '{"n":3.10,"big":12345678901234567890,"els":["a {{b}}",["c","d"],{"equals":"5"}]}\r\n\n{"n":2,"big":1,"els":["x"]}\n{"n":1}\n';
  const suite = await one(
    `${head('a')}dataset: { path: q.jsonl, limit: 2, case: { name: "n{{n}}", prompt: "{{say}} {{big}}", vars: { say: Say }, expected_elements: "{{els}}" } }`,
    { 'suites/q.jsonl': rows },
  );
  expect(suite.cases.map(({ name, messages, elements }) => [name, messages[0]?.content, elements.map((e) => e.label)])).toEqual([
    ['n3.10', 'Say 12345678901234567890', ['a {{b}}', 'c | d', 'equals 5']],
    ['n2', 'Say 1', ['x']],
  ]);
});

test('the hash follows the meaning of a suite, not its looks', async () => {
  const plain = await one(head('a') + CASE);
  const other = `# a comment\n${head('a')}description: said in other words\ncases:\n  - expected_elements: [x]\n    prompt: Say x\n    name: one\n`;
  expect((await one(other)).hash).toBe(plain.hash);
  for (const [from, to] of [
    ['Say x', 'Say y'],
    ['[x]', '[y]'],
    ['0.9', '0.91'],
  ] as const) {
    expect((await one((head('a') + CASE).replace(from, to))).hash).not.toBe(plain.hash);
  }
});

test('without --suite every suite of the folder is loaded, in the order of file names', async () => {
  const { suites } = await load({ 'suites/b.yml': head('second') + CASE, 'suites/a.yaml': head('first') + CASE, 'suites/notes.txt': 'x' });
  expect(suites.map(({ name }) => name)).toEqual(['first', 'second']);
});

test('a suite is found by the name in it, or by its path; twice the same file counts once', async () => {
  const files = { 'suites/file.yaml': head('inner') + CASE, 'elsewhere/x.yaml': head('far') + CASE, 'suites/broken.yaml': 'a: [' };
  const { suites } = await load(files, { suites: ['inner', 'elsewhere/x.yaml', 'suites/file.yaml'] });
  expect(suites.map(({ name }) => name)).toEqual(['inner', 'far']);
});

test('an unknown suite is answered with the names there are and the nearest', async () => {
  const error = load({ 'suites/a.yaml': head('reasoning') + CASE, 'suites/b.yaml': head('code') + CASE }, { suites: ['reasonning'] });
  await expect(error).rejects.toMatchObject({
    problems: [
      { code: 'suite/unknown-suite', what: 'no suite is called "reasonning" (suites: code, reasoning)', fix: 'did you mean "reasoning"?' },
    ],
  });
});

test.each([
  ['two suites of one name', { 'suites/a.yaml': head('same') + CASE, 'suites/b.yaml': head('same') + CASE }, {}, ['suite/duplicate-suite']],
  ['a missing suite file', {}, { suites: ['no/such.yaml'] }, ['suite/missing-file']],
  ['a missing models file', { 'suites/a.yaml': head('a') + CASE }, { models: 'none.yaml' }, ['suite/missing-file']],
  ['a folder without suites', {}, {}, ['suite/no-suites']],
  ['a missing folder', {}, { suitesDir: 'none' }, ['suite/missing-folder']],
  ['a folder as the models file', { 'suites/a.yaml': head('a') + CASE }, { models: 'suites' }, ['suite/is-a-folder']],
  ['models.yaml as a suite', {}, { suites: ['suites/models.yaml'] }, ['suite/missing-key']],
])('%s is refused', async (_, files, options, codes) => {
  const error = (await load(files, options).catch((cause: unknown) => cause)) as { problems: { code: string }[] };
  expect(error.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
});

test('problems of several files come together, by file and line', async () => {
  const error = (await load({
    'suites/models.yaml': 'models: { base: { provider: openai }, other: { provider: nobody } }',
    'suites/a.yaml': `${head('a')}casess: []\ncases: [{}]`,
    'suites/b.yaml': 'name: [',
  }).catch((cause: unknown) => cause)) as { problems: { at: { file: string } }[] };
  expect([...new Set(error.problems.map(({ at }) => at.file))]).toEqual(['suites/a.yaml', 'suites/b.yaml', 'suites/models.yaml']);
});

test('models carry their options, their parameters and the environment', async () => {
  const models = `models:
  base: { provider: openai, api_key: "\${KEY}", base_url: "\${HOST:-http://localhost:1}/v1" }
  other: { provider: file, path: answers.jsonl }
  third: { provider: openai, model: m, params: { seed: 1 }, answers: live }
  unused: { provider: openai, api_key: "\${UNSET}" }
`;
  const loaded = await load({ 'suites/models.yaml': models, 'suites/a.yaml': head('a') + CASE }, { env: { KEY: 'k' } });
  const at = (line: number) => ({ file: 'suites/models.yaml', line, column: 3 });
  const common = { params: {}, answers: 'auto' };
  expect([...loaded.models.values()]).toEqual([
    { ...common, name: 'base', provider: 'openai', model: 'base', options: { api_key: 'k', base_url: 'http://localhost:1/v1' }, at: at(2) },
    { ...common, name: 'other', provider: 'file', model: 'other', answers: 'recorded', options: { path: 'answers.jsonl' }, at: at(3) },
    { ...common, name: 'third', provider: 'openai', model: 'm', answers: 'live', params: { seed: 1 }, options: {}, at: at(4) },
  ]);
});

test('variables that no text uses are a warning', async () => {
  const { warnings } = await load({
    'suites/a.yaml': `${head('a')}cases: [{ name: one, prompt: Say x, vars: { y: x }, expected_elements: [x] }]`,
  });
  expect(warnings).toMatchObject([{ code: 'suite/unused-vars', at: { line: 6, column: 37 } }]);
});

const pair = {
  options: z.strictObject({ candidate: z.string(), fallback: z.string() }),
  refersTo: ['candidate', 'fallback'],
  answers: 'live',
} as const;
const withPair = { ...optionsFor('.').providers, pair };

test('an entry may name others, which are then used with it', async () => {
  const models = `models:
  base: { provider: openai }
  other: { provider: pair, candidate: local, fallback: base }
  local: { provider: openai, api_key: "\${UNSET}" }
`;
  const files = { 'suites/models.yaml': models, 'suites/a.yaml': head('a') + CASE };
  const missing = await load(files, { providers: withPair }).catch((cause: unknown) => cause);
  expect(missing).toMatchObject({ problems: [{ code: 'suite/missing-env', at: { line: 4 } }] });
  const { models: found } = await load(files, { providers: withPair, env: { UNSET: 'k' } });
  expect(found.get('other')).toMatchObject({ answers: 'live', options: { candidate: 'local', fallback: 'base' } });
});

test('an entry may not name one that is not there, or is no plain model', async () => {
  const models = `models:
  base: { provider: openai }
  other: { provider: pair, candidate: bse, fallback: again }
  again: { provider: pair, candidate: base, fallback: stepwise }
  stepwise: { provider: openai, prompt: { wrap: "{{prompt}} Step by step." } }
`;
  const files = { 'suites/models.yaml': models, 'suites/a.yaml': head('a') + CASE };
  const error = await load(files, { providers: withPair }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    problems: [
      { code: 'suite/unknown-model', at: { line: 3 }, fix: 'did you mean "base"?' },
      { code: 'suite/bad-reference', at: { line: 3 } },
      { code: 'suite/bad-reference', at: { line: 4 } },
    ],
  });
});

test('a prompt variant is kept with its model, and must have a place for the prompt', async () => {
  const models = (wrap: string) => `models:
  base: { provider: openai }
  other: { provider: openai, prompt: { system: Be brief., wrap: ${JSON.stringify(wrap)} } }
`;
  const files = (wrap: string) => ({ 'suites/models.yaml': models(wrap), 'suites/a.yaml': head('a') + CASE });
  const loaded = await load(files('Step by step: {{prompt}}'));
  expect(loaded.models.get('other')?.prompt).toEqual({ system: 'Be brief.', wrap: 'Step by step: {{prompt}}' });
  await expect(load(files('Step by step.'))).rejects.toMatchObject({ problems: [{ code: 'suite/bad-value', at: { line: 3 } }] });
});
