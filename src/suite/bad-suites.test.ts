import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { loadSuites } from './load-suites.ts';
import { optionsFor } from './test-kinds.ts';

const folder = join(import.meta.dirname, '../../fixtures/bad-suites');

/** folder of fixtures/bad-suites → every problem, as `file:line:column code` */
const expected: Record<string, string[]> = {
  'a-folder': ['suite/is-a-folder'],
  'alias-bomb': ['suite.yaml:1:1 suite/alias-bomb'],
  'alias-loop': ['suite.yaml:1:11 suite/alias-loop'],
  'bad-jsonl': ['rows.jsonl:2:15 suite/jsonl-line', 'rows.jsonl:3:1 suite/jsonl-line', 'rows.jsonl:4:15 suite/jsonl-line'],
  'bad-quarantine': [
    'suite.yaml:7:77 suite/bad-value',
    'suite.yaml:8:82 suite/bad-value',
    'suite.yaml:9:71 suite/missing-key',
    'suite.yaml:10:100 suite/bad-value',
    'suite.yaml:11:70 suite/wrong-type',
    'suite.yaml:12:66 suite/missing-key',
    'suite.yaml:12:68 suite/unknown-key',
  ],
  'bad-regex': ['suite.yaml:10:20 suite/bad-element', 'suite.yaml:11:20 suite/bad-element'],
  'candidate-is-baseline': ['suite.yaml:4:14 suite/candidate-is-baseline', 'suite.yaml:4:27 suite/duplicate-candidate'],
  'dataset-is-folder': ['suite.yaml:6:18 suite/is-a-folder'],
  'duplicate-case': ['suite.yaml:9:13 suite/duplicate-case'],
  'duplicate-key': ['suite.yaml:9:5 suite/duplicate-key', 'suite.yaml:11:5 suite/unknown-key'],
  'duplicate-row': ['rows.csv:3:1 suite/duplicate-case', 'rows.csv:4:1 suite/duplicate-case'],
  'empty-file': ['suite.yaml:1:1 suite/empty-file'],
  'empty-suite': ['suite.yaml:4:13 suite/out-of-range', 'suite.yaml:5:16 suite/out-of-range', 'suite.yaml:6:8 suite/empty-suite'],
  'literal-key': ['models.yaml:2:54 suite/literal-key', 'models.yaml:3:55 suite/literal-key'],
  'missing-column': ['suite.yaml:6:64 suite/missing-variable', 'suite.yaml:6:99 suite/missing-variable', 'suite.yaml:6:99 suite/not-text'],
  'missing-dataset': ['suite.yaml:6:18 suite/missing-file'],
  'missing-keys': [
    'suite.yaml:1:1 suite/missing-key',
    'suite.yaml:1:1 suite/missing-key',
    'suite.yaml:1:1 suite/missing-key',
    'suite.yaml:1:1 suite/missing-key',
    'suite.yaml:1:1 suite/missing-key',
    'suite.yaml:2:9 suite/missing-key',
    'suite.yaml:2:9 suite/missing-key',
    'suite.yaml:2:9 suite/missing-key',
  ],
  'missing-variable': [
    'suite.yaml:8:13 suite/missing-variable',
    'suite.yaml:12:39 suite/missing-variable',
    'suite.yaml:12:83 suite/template-syntax',
    'suite.yaml:15:13 suite/missing-variable',
    'suite.yaml:17:25 suite/missing-variable',
  ],
  'no-elements': [
    'suite.yaml:7:52 suite/no-elements',
    'suite.yaml:8:53 suite/no-value',
    'suite.yaml:9:55 suite/no-value',
    'suite.yaml:10:57 suite/unknown-key',
    'suite.yaml:10:83 suite/several-kinds',
    'suite.yaml:10:115 suite/out-of-range',
    'suite.yaml:11:67 suite/bad-value',
    'suite.yaml:12:33 suite/prompt-and-messages',
  ],
  'not-utf8': ['suite.yaml:2:17 suite/encoding'],
  'open-quote-csv': ['rows.csv:2:1 suite/csv-quote'],
  percent: ['suite.yaml:5:16 suite/out-of-range'],
  prototype: ['suite.yaml:2:1 suite/unknown-key'],
  'ragged-csv': ['rows.csv:5:1 suite/ragged-row', 'rows.csv:6:1 suite/ragged-row'],
  'reserved-param': ['suite.yaml:6:23 suite/reserved-param'],
  'second-colon': ['suite.yaml:2:14 suite/syntax'],
  tab: ['suite.yaml:3:1 suite/syntax'],
  'two-documents': ['suite.yaml:3:1 suite/several-documents'],
  'unknown-alias': ['suite.yaml:1:7 suite/unknown-alias'],
  'unknown-key-case': ['suite.yaml:10:5 suite/unknown-key'],
  'unknown-key-dataset': ['suite.yaml:7:3 suite/unknown-key', 'suite.yaml:9:29 suite/unknown-key'],
  'unknown-key-defaults': [
    'suite.yaml:7:3 suite/unknown-key',
    'suite.yaml:8:27 suite/unknown-key',
    'suite.yaml:9:14 suite/unknown-key',
    'suite.yaml:10:13 suite/unknown-key',
  ],
  'unknown-key-element': [
    'suite.yaml:10:11 suite/unknown-key',
    'suite.yaml:11:24 suite/unknown-key',
    'suite.yaml:12:24 suite/unknown-key',
    'suite.yaml:13:18 suite/unknown-key',
  ],
  'unknown-key-message': ['suite.yaml:8:46 suite/unknown-key'],
  'unknown-key-models': [
    'models.yaml:2:29 suite/unknown-key',
    'models.yaml:3:22 suite/unknown-provider',
    'models.yaml:4:39 suite/unknown-value',
    'models.yaml:4:54 suite/unknown-value',
    'models.yaml:5:1 suite/unknown-key',
  ],
  'unknown-key-top': ['suite.yaml:5:1 suite/unknown-key'],
  'unknown-model': ['suite.yaml:3:11 suite/unknown-model', 'suite.yaml:4:14 suite/unknown-model', 'suite.yaml:5:14 suite/unknown-model'],
  'unquoted-number': [
    'suite.yaml:1:7 suite/not-text',
    'suite.yaml:7:11 suite/not-text',
    'suite.yaml:9:22 suite/not-text',
    'suite.yaml:10:25 suite/not-text',
    'suite.yaml:10:32 suite/not-text',
    'suite.yaml:10:57 suite/not-text',
    'suite.yaml:10:64 suite/not-text',
  ],
  'unquoted-template': ['suite.yaml:8:14 suite/syntax'],
  'unset-env': ['models.yaml:2:39 suite/missing-env', 'models.yaml:3:46 suite/missing-env'],
  'wrong-type': [
    'suite.yaml:2:14 suite/wrong-type',
    'suite.yaml:3:13 suite/unknown-value',
    'suite.yaml:5:13 suite/wrong-type',
    'suite.yaml:6:16 suite/wrong-type',
    'suite.yaml:7:11 suite/unknown-value',
    'suite.yaml:8:36 suite/out-of-range',
    'suite.yaml:8:51 suite/wrong-type',
    'suite.yaml:8:79 suite/out-of-range',
    'suite.yaml:8:93 suite/unknown-value',
    'suite.yaml:8:119 suite/out-of-range',
    'suite.yaml:11:13 suite/wrong-type',
    'suite.yaml:12:24 suite/wrong-type',
    'suite.yaml:13:11 suite/wrong-type',
    'suite.yaml:14:15 suite/wrong-type',
    'suite.yaml:15:15 suite/bad-value',
    'suite.yaml:16:11 suite/bad-read',
    'suite.yaml:17:5 suite/wrong-type',
  ],
};

async function problemsOf(name: string): Promise<string[]> {
  const cwd = join(folder, name);
  const models = existsSync(join(cwd, 'models.yaml')) ? 'models.yaml' : '../models.yaml';
  const error = await loadSuites(optionsFor(cwd, { models, env: { ONPAR_TEST_EMPTY: '' } })).then(
    () => new Error('loaded'),
    (cause: unknown) => cause,
  );
  if (!(error instanceof InputError)) throw error;
  expect(error.message).not.toMatch(/Invalid input|expected .* received|undefined|\[object/);
  return error.problems.map(({ at, code }) => `${at ? `${at.file}:${at.line}:${at.column} ` : ''}${code}`);
}

for (const [name, problems] of Object.entries(expected)) {
  test(`${name} is refused with the place of each problem`, async () => {
    expect(await problemsOf(name)).toEqual(problems);
  });
}

test('every bad suite of the folder is in the table', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).sort()).toEqual(Object.keys(expected).sort());
});
