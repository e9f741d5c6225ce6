/** The fence: which room imports what. An import outside the table fails with the file's name. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('.', import.meta.url).pathname;

/** npm packages, each with the rooms that may import it. '' is the top of src/. */
const packages: Record<string, string[]> = {
  '@huggingface/gguf': ['fit'],
  '@pydantic/genai-prices': ['models'],
  '@xenova/transformers': ['embed'],
  // its types alone, in tests
  'axe-core': ['reporters'],
  cockatiel: ['hybrid'],
  'csv-parse': ['suite'],
  'csv-stringify': ['reporters'],
  diff: ['reporters'],
  eld: ['scorers'],
  'eventsource-parser': ['models', 'hybrid'],
  'fastest-levenshtein': [''],
  handlebars: ['suite', 'reporters'],
  jsonrepair: ['scorers'],
  marked: ['reporters'],
  mathjs: ['scorers'],
  openai: ['models', 'hybrid'],
  'p-limit': ['run'],
  // the browser in which the tests open report.html
  'playwright-core': ['reporters'],
  re2js: ['scorers'],
  stemmer: ['scorers'],
  undici: ['models', 'embed', ''],
  yaml: ['suite', 'litellm'],
  // a schema stands beside what it checks
  zod: ['suite', 'models', 'scorers', 'run', 'drill', 'fit'],
};

/** Rooms of the house; everything else at the top of src/ and the verbs wire rooms together. */
const rooms = [
  'record',
  'suite',
  'plan',
  'models',
  'run',
  'embed',
  'scorers',
  'verdict',
  'cost',
  'reporters',
  'hybrid',
  'drill',
  'litellm',
  'fit',
];
const shared = ['record.ts', 'errors.ts', 'sockets.ts', 'nameless-file.ts', 'assets.d.ts'];

/** Servers and projects that tests are run against. */
const TESTS_ONLY = /(?:^|\/)test-|^real-/;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.split(sep).join('/'));

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)[^'"\n]*?from '([^']+)'|(?:import|createRequire\(import\.meta\.url\))\('([^']+)'\)/g),
  ].map((m) => m[1] ?? m[2] ?? '');
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

test('rooms import the record, the errors and themselves, never each other', () => {
  const strays = files
    .filter((file) => rooms.includes(roomOf(file)))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) =>
          relative(src, resolve(src, dirname(file), specifier))
            .split(sep)
            .join('/'),
        )
        .filter((target) => roomOf(target) !== roomOf(file) && !shared.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
  expect(strays).toEqual([]);
});

test('each npm package belongs to the rooms in the table', () => {
  const strays = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .filter((specifier) => !packages[packageOf(specifier)]?.includes(roomOf(file)))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strays).toEqual([]);
});

test('every socket is made in sockets.ts, where it is counted and can be refused', () => {
  const strays = files
    // the drill's proxy stands for a bad network, and only passes on what came through sockets.ts
    .filter((file) => !['sockets.ts', 'drill/proxy.ts'].includes(file) && !TESTS_ONLY.test(file))
    .filter((file) => {
      const text = readFileSync(join(src, file), 'utf8').replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '');
      const isOther =
        /^import (?!type ).*'node:(?:https?|http2|tls)'/m.test(text) || /(?<![.\w])(?:fetch|net\.connect|createConnection)\(/.test(text);
      return isOther || (/new (?:\w*Agent|Pool|Client)\(/.test(text) && !text.includes('openConnect('));
    });
  expect(strays).toEqual([]);
});

test('nobody ends the process by force', () => {
  const strays = files.filter((file) => /process\.exit\(/.test(readFileSync(join(src, file), 'utf8')));
  expect(strays).toEqual([]);
});

test('a file stays short enough to read', () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 251);
  expect(long).toEqual([]);
});
