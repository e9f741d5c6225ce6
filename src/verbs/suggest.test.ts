import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { keysOf, othersOf, suggestElements } from './suggest-elements.ts';
import { termsOf } from './suggest-terms.ts';
import { makeProject, run } from './test-project.ts';

interface Fragment {
  cases: { name: string; expected_elements: (string | string[] | { equals: string })[] }[] | null;
}

const CASES = [
  '  - { name: plants, prompt: How do plants live?, expected_elements: [glucose] }',
  '  - { name: waits, prompt: How long may I wait?, expected_elements: [days] }',
  '  - { name: sum, prompt: "What is 20 + 22? As JSON.", read: { json: answer }, expected_elements: [{ equals: "42" }] }',
].join('\n');
const PLANTS = [
  'They turn carbon dioxide (CO2) into glucose by chlorophyll. Nice!',
  'With chlorophyll they make glucose out of carbon dioxide.',
  'Carbon dioxide and light become glucose. Chlorophyll catches the light.',
];
const WAITS = ['Up to 30 days, says the contract.', 'The contract gives you 30 days.', 'You have 30 days by contract.'];
const SUM = ['{"answer": 42}', '{"answer": "42"}', 'It is {"answer": "42.0"}'];
const old = { plants: PLANTS, waits: WAITS, sum: SUM };
const fresh = { plants: ['By glucose.'], waits: ['30 days.'], sum: ['{"answer": 41}'] };

async function suggested(folder: string, ...flags: string[]) {
  const { code, out, err } = await run(folder, ['suggest', '--suite', 'small', ...flags]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { cases } = parse(out) as Fragment;
  return { out, byName: new Map((cases ?? []).map((one) => [one.name, one.expected_elements])) };
}

describe('suggest', () => {
  test('proposes what three samples have in common and the prompt does not say, as YAML', async () => {
    const { byName } = await suggested(makeProject(CASES, { old, fresh }, 1));
    expect(byName.get('plants')).toEqual(expect.arrayContaining([['carbon dioxide', 'CO2'], 'glucose', 'chlorophyll']));
    expect(JSON.stringify(byName.get('plants'))).not.toMatch(/plants|[Nn]ice|live/);
    expect(byName.get('waits')).toEqual(expect.arrayContaining(['30 days', 'contract']));
  });

  test('proposes equals where a part is read and the samples agree on it', async () => {
    expect((await suggested(makeProject(CASES, { old, fresh }))).byName.get('sum')).toEqual([{ equals: '42' }]);
    const apart = { ...old, sum: ['{"answer": 42}', '{"answer": 41}', '{"answer": 42}'] };
    const { byName, out } = await suggested(makeProject(CASES, { old: apart, fresh }));
    expect(byName.has('sum')).toBe(false);
    expect(out).toContain('# sum: nothing that its 3 samples have in common');
  });

  test('is marked as suggestions, and says what answers that had no part in them meet', async () => {
    const { out } = await suggested(makeProject(CASES, { old, fresh }), '-t', 'waits');
    expect(out).toMatch(/^# SUGGESTIONS for suite small/);
    // each sample meets both of what the other two share, the other model one of the two
    expect(out).toMatch(/# 3 samples; leave-one-out 1\.00; fresh 0\.50/);
    expect(out).toContain('"30 days" # 3 of 3; the case has it');
    expect(out).not.toContain('plants');
  });

  test('leave-one-out is not flattered: words of one sample alone raise nothing', async () => {
    const waits = ['Amber contract beacon.', 'Amber contract cobalt.', 'Dahlia beacon cobalt.'];
    const { out } = await suggested(makeProject(CASES, { old: { ...old, waits }, fresh }), '-t', 'waits');
    // of what two share, the third has: of {amber, contract} nothing, of {beacon} nothing, of {cobalt} nothing
    expect(out).toMatch(/# 3 samples; leave-one-out 0\.00/);
  });

  test('refuses with fewer than three samples, and says what that would cost', async () => {
    const two = { plants: PLANTS.slice(0, 2), waits: WAITS.slice(0, 1), sum: ['', '<think>', ''] };
    const { code, out, err } = await run(makeProject(CASES, { old: two, fresh }), ['suggest', '--suite', 'small']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /2 usable recorded samples a case at most.*3 are needed.*15 points[\s\S]*fix: .*onpar record --suite small --samples 3/,
    );
  });

  test('leaves out a case with too few samples, and says so', async () => {
    const { byName, out } = await suggested(makeProject(CASES, { old: { ...old, waits: WAITS.slice(1) }, fresh }));
    expect([...byName.keys()]).toEqual(['plants', 'sum']);
    expect(out).toContain('# waits: 2 usable samples, 3 are needed');
  });

  test('writes a new file, never over one, never among the suites', async () => {
    const folder = makeProject(CASES, { old, fresh });
    const write = (file: string) => run(folder, ['suggest', '--suite', 'small', '-o', file]);
    expect(await write('mine.yaml')).toMatchObject({ code: 0, err: '' });
    expect((parse(readFileSync(join(folder, 'mine.yaml'), 'utf8')) as Fragment).cases).toHaveLength(3);
    writeFileSync(join(folder, 'kept.yaml'), 'mine');
    for (const file of ['kept.yaml', 'suites/small.yaml', 'suites/new.yaml', 'mine.txt', 'nowhere/new.yaml'])
      expect(await write(file)).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(join(folder, 'kept.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'suites/new.yaml'))).toBe(false);
  });

  test('wants one suite', async () => {
    const folder = makeProject(CASES, { old, fresh });
    expect((await run(folder, ['suggest'])).err).toContain('onpar suggest --suite NAME');
    expect((await run(folder, ['suggest', '--suite', 'smal'])).err).toContain('did you mean "small"?');
  });

  test('works from recordings: suite local has three samples a case', async () => {
    const root = new URL('../..', import.meta.url).pathname;
    const { code, out } = await run(root, ['suggest', '--suite', 'local', '-t', 'primary-colours']);
    expect(code).toBe(0);
    expect((parse(out) as Fragment).cases?.[0]?.expected_elements.map((one) => JSON.stringify(one).toLowerCase()).sort()).toEqual([
      '"blue"',
      '"red"',
      '"yellow"',
    ]);
  });
});

const NONE = { answers: 0, counts: new Map<string, number>() };

test.each([
  ['It takes 1,500 kg or 3.5 %.', ['1,500 kg', '3.5 %']],
  ['1. First\n2. Second', []],
  ['Call `df.groupby` or open_file(path).', ['df.groupby', 'open_file']],
])('numbers with their unit and names from code are kept as they are written: %s', (text, literals) => {
  expect(termsOf(text).flatMap((term) => (term.kind === 'literal' ? [term.text] : []))).toEqual(literals);
});

test('a term of most other cases belongs to the suite and is not suggested', () => {
  const samples = ['Customer, zinc.', 'Zinc, customer.', 'Customer, use zinc.'];
  const others = ['Customer, tin.', 'The customer has iron.', 'A customer.'];
  const counts = new Map<string, number>();
  for (const answer of [samples[0]!, ...others]) for (const key of keysOf(answer)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const texts = suggestElements('Which?', samples, othersOf(counts, 4, keysOf(samples[0]!))).flatMap((one) => one.texts.join());
  expect(texts.map((text) => text.toLowerCase())).toContain('zinc');
  expect(texts.join()).not.toMatch(/customer$/i);
});

test('at most six, and words of one root that samples use in turn become one list', () => {
  const many = 'amber, beacon, cobalt, dahlia, ember, falcon, garnet, hazel';
  expect(suggestElements('', [many, many, many], NONE)).toHaveLength(6);
  const found = suggestElements('', ['A democracy.', 'A democracy.', 'It is democratic.'], NONE);
  expect(found).toEqual([{ texts: ['democracy', 'democratic'], samples: 3 }]);
});
