import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { findSuites } from './find-suites.ts';
import { readMigration, type ReadMap } from './migration.ts';
import { optionsFor } from './test-kinds.ts';

const SUITE = 'name: answers\ncapability: general\nbaseline: today\ncandidates: [tomorrow]\nparity_target: 0.85\ncases: []\n';

async function read(map: string): Promise<ReadMap> {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-map-'));
  mkdirSync(join(cwd, 'suites/live'), { recursive: true });
  const model = '{ provider: openai }';
  const files: Record<string, string> = {
    'models.yaml': `models:\n  today: ${model}\n  tomorrow: ${model}\n  spare: { provider: openai, api_key: '\${NOT_SET}' }\n`,
    'answers.yaml': SUITE,
    'live/slow.yaml': SUITE.replace('answers', 'slow-answers'),
    'migration.yaml': map,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'suites', name), text);
  const { providers } = optionsFor(cwd);
  return readMigration({ cwd, path: 'suites/migration.yaml', models: 'suites/models.yaml', suitesDir: 'suites', providers });
}

async function problems(map: string): Promise<(string | undefined)[][]> {
  const error: unknown = await read(map).catch((one: unknown) => one);
  if (!(error instanceof InputError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  return error.problems.map(({ code, at, fix }) => [code, at && `${at.line}:${at.column}`, fix]);
}

const AGENT = '{ capability: general, phase: 1, today: today, candidate: tomorrow, suites: [answers] }';

test('an agent with defaults: the target is that of its capability, and models need no environment', async () => {
  const { map, suites } = await read(`agents:
  summary: ${AGENT}
  maths: { capability: reasoning, phase: 2, critical: true, today: today, candidate: spare, suites: [suites/live/slow.yaml], claimed: { quality: 0.9, source: a slide } }
`);
  expect(map.targets).toEqual({ speed: 3, uptime: { share: 0.995, hours: 168 }, cost_reduction: 0.8, local_hosts: [] });
  expect(map.agents.map(({ name, parity_target, suites: own, claimed }) => [name, parity_target, own, claimed])).toEqual([
    ['summary', 0.95, ['answers'], null],
    ['maths', 0.9, ['slow-answers'], { quality: 0.9, speed: null, source: 'a slide' }],
  ]);
  expect(suites).toEqual(['answers', 'suites/live/slow.yaml']);
});

test('targets of the map win, and those of an agent over them', async () => {
  const { map } = await read(`targets: { quality: { general: 0.8, code: 0.7 }, uptime: { hours: 24 }, speed: 2 }
agents:
  a: ${AGENT}
  b: ${AGENT.replace('general', 'code')}
  c: ${AGENT.replace('}', ', parity_target: 0.99 }')}
`);
  expect(map.agents.map(({ parity_target }) => parity_target)).toEqual([0.8, 0.7, 0.99]);
  expect(map.targets).toMatchObject({ speed: 2, uptime: { share: 0.995, hours: 24 } });
});

test('names that do not exist are told with what was meant, each at its place', async () => {
  expect(
    await problems(
      'agents:\n  a:\n    capability: general\n    phase: 1\n    today: todai\n    candidate: tomorow\n    fallback: sprae\n    suites: [answer, suites/live/slov.yaml]\n',
    ),
  ).toEqual([
    ['suite/unknown-model', '5:12', 'did you mean "today"?'],
    ['suite/unknown-model', '6:16', 'did you mean "tomorrow"?'],
    ['suite/unknown-model', '7:15', 'did you mean "spare"?'],
    ['suite/unknown-suite', '8:14', 'did you mean "answers"?'],
    ['suite/missing-file', '8:22', 'check the path'],
  ]);
});

test.each([
  ['an unknown key', `agents: { a: ${AGENT.replace('phase', 'fase')} }`, ['suite/missing-key', 'suite/unknown-key']],
  ['an unknown capability', `agents: { a: ${AGENT.replace('general', 'generel')} }`, ['suite/unknown-value']],
  ['a claim without a source', `agents: { a: ${AGENT.replace('}', ', claimed: { quality: 0.9 } }')} }`, ['suite/missing-key']],
  ['a target in per cent', `agents: { a: ${AGENT.replace('}', ', parity_target: 95 }')} }`, ['suite/out-of-range']],
  ['a model that moves to itself', `agents: { a: ${AGENT.replace('tomorrow', 'today')} }`, ['map/same-model']],
  ['no agents', 'agents: {}', ['map/no-agents']],
  ['nothing', 'targets: {}', ['suite/missing-key']],
])('%s is refused', async (_, map, codes) => {
  expect((await problems(map)).map(([code]) => code).sort()).toEqual(codes);
});

test('what is critical moves last', async () => {
  const critical = AGENT.replace('}', ', critical: true }');
  expect(await problems(`agents:\n  first: ${critical}\n  second: ${AGENT.replace('phase: 1', 'phase: 2')}\n`)).toEqual([
    ['map/critical-first', '2:3', 'give it phase 2 or later'],
  ]);
});

test('the files beside the suites are not taken for suites', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-map-'));
  mkdirSync(join(cwd, 'suites'));
  for (const name of ['answers', 'models', 'migration', 'cost']) writeFileSync(join(cwd, `suites/${name}.yaml`), SUITE);
  const found = await findSuites({ cwd, suitesDir: 'suites', models: 'suites/models.yaml', suites: [] });
  expect(found.map(({ file }) => file)).toEqual(['suites/answers.yaml']);
});
