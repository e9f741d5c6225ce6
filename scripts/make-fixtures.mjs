/**
 * Makes fixtures/data and fixtures/recordings from checkouts of the public sources: node scripts/make-fixtures.mjs DATA
 * DATA holds zeroeval/{math-l5,crux} and arena-hard, each with prompts.jsonl {id, prompt, answer?} and answers/<model>.jsonl {id, output};
 * and summhay/summaries.jsonl {topic, subtopic, model, setting, bullets, insights: [{text, human, judges}]}.
 * The recordings themselves are made by `onpar import`, as anybody's would be.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [data] = process.argv.slice(2);
if (!data) throw new Error('usage: node scripts/make-fixtures.mjs DATA');
const root = new URL('..', import.meta.url).pathname;
const temp = mkdtempSync(join(tmpdir(), 'onpar-fixtures-'));
const read = (path) =>
  readFileSync(join(data, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const write = (path, rows) => writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const ZEROEVAL = 'WildEval/ZeroEval @ 8c1485e';
const ARENA = 'lmarena/arena-hard-auto @ 196f6b8';
const sets = [
  { folder: 'zeroeval/math-l5', file: 'math-l5', name: (id) => `math-${id}`, take: (_, i) => i % 2 === 0 },
  { folder: 'zeroeval/crux', file: 'cruxeval', name: (id) => `crux-${id.replace(/\D/g, '')}`, take: (_, i) => i % 3 !== 2 },
];
const imports = [
  { suite: 'reasoning', set: sets[0], models: { 'gpt-4o-2024-08-06': 'gpt-4o-2024-08-06', 'qwen2.5-72b': 'Qwen2.5-72B-Instruct' } },
  {
    suite: 'reasoning-o1',
    set: sets[0],
    models: { 'o1-preview-2024-09-12': 'o1-preview-2024-09-12', 'llama-3.1-70b': 'Meta-Llama-3.1-70B-Instruct' },
  },
  {
    suite: 'code',
    set: sets[1],
    models: { 'gpt-4-turbo-2024-04-09': 'gpt-4-turbo-2024-04-09', 'deepseek-v2-coder-0724': 'deepseek-v2-coder-0724' },
  },
  { suite: 'code-gpt-3.5', set: sets[1], models: { 'gpt-3.5-turbo-0125': 'gpt-3.5-turbo-0125', 'qwen2.5-32b': 'Qwen2.5-32B-Instruct' } },
];

function importAnswers(suite, model, rows, source, more = []) {
  const file = join(temp, `${model}-${suite}.jsonl`);
  write(file, rows);
  const args = [
    'dist/bin.js',
    'import',
    file,
    '--suite',
    suite,
    '--model',
    model,
    '--source',
    source,
    '--licence',
    'Apache-2.0',
    '--replace',
    ...more,
  ];
  process.stdout.write(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

mkdirSync(join(root, 'fixtures/data'), { recursive: true });
for (const { folder, file, name, take } of sets) {
  const rows = read(`${folder}/prompts.jsonl`)
    .filter(take)
    .map(({ id, prompt, answer }) => ({ name: name(id), prompt, answer }));
  write(join(root, `fixtures/data/${file}.jsonl`), rows);
}
for (const { suite, set, models } of imports) {
  for (const [model, file] of Object.entries(models)) {
    const rows = read(`${set.folder}/answers/${file}.jsonl`)
      .filter(set.take)
      .map(({ id, output }) => ({ case: set.name(id), answer: output }));
    importAnswers(suite, model, rows, ZEROEVAL);
  }
}
const prompts = new Map(read('arena-hard/prompts.jsonl').map(({ id, prompt }) => [id, prompt]));
for (const model of ['gpt-4-0314', 'gpt-4-0613', 'gpt-3.5-turbo-0125']) {
  const rows = read(`arena-hard/answers/${model}.jsonl`).map(({ id, output }) => ({ prompt: prompts.get(id), answer: output }));
  importAnswers('general', model, rows, ARENA, ['--prompt-field', 'prompt']);
}

/** Each summary is by one model on one set of documents, so families of models stand beside each other: the first model that has a summary. */
const SUMMHAY = 'salesforce/summary-of-a-haystack @ 4353172';
const families = {
  'gpt-4-family': ['gpt-4o', 'gpt4-turbo'],
  'gemini-1.5-family': ['gemini-1.5-pro', 'gemini-1.5-flash'],
  'claude-3-family': ['claude3-opus', 'claude3-sonnet', 'claude3-haiku'],
};
const summaries = read('summhay/summaries.jsonl');
const summaryOf = (family, subtopic) =>
  families[family].flatMap((model) => summaries.filter((one) => one.model === model && one.subtopic === subtopic))[0];
const nameOf = (subtopic) =>
  (
    subtopic
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[a-z0-9]+/g) ?? []
  )
    .slice(0, 6)
    .join('-');
write(
  join(root, 'fixtures/data/summhay.jsonl'),
  summaries.map(({ id, topic, subtopic, model, setting, bullets, insights }) => {
    const labelled = insights.map(({ text, human, judges }) => ({ text, human, judges }));
    return { id, topic, subtopic, model, setting, bullets, insights: labelled };
  }),
);
const subtopics = [...new Set(summaries.map(({ subtopic }) => subtopic))].filter((subtopic) =>
  Object.keys(families).every((family) => summaryOf(family, subtopic) !== undefined),
);
write(
  join(root, 'fixtures/data/summaries.jsonl'),
  subtopics.map((subtopic) => {
    const { topic, insights } = summaries.find((one) => one.subtopic === subtopic);
    const elements = insights.map(({ text }) => ({ insight: text }));
    return { name: nameOf(subtopic), topic: topic.replace(/[*"]/g, '').replace(/\.$/, ''), subtopic, elements };
  }),
);
for (const family of Object.keys(families)) {
  for (const subtopic of subtopics) {
    const { bullets, model, setting } = summaryOf(family, subtopic);
    const documents = setting.replace(/^summary_subtopic_/, '').replace(new RegExp(`_?${model}$`), '') || 'all';
    const row = { case: nameOf(subtopic), answer: bullets.join('\n') };
    importAnswers('summary', family, [row], `${SUMMHAY}, ${model}, documents: ${documents}`);
  }
}
