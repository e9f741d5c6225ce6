import { expect, test } from 'vitest';
import type { Case, Suite, Verdict } from './record.ts';
import { dealCases, parseShard, partExitCode, withoutVerdict } from './shards.ts';

const suite = (name: string, n: number): Suite =>
  ({ name, cases: Array.from({ length: n }, (_, i) => ({ name: `${name}-${i}` }) as Case) }) as unknown as Suite;
const dealt = (suites: Suite[], index: number, of: number) =>
  dealCases(suites, { index, of }).flatMap(({ cases }) => [...cases].map(({ name }) => name));
const parts = (suites: Suite[], of: number) => Array.from({ length: of }, (_, i) => dealt(suites, i + 1, of));

test('every case is in one part, and parts differ by one case at most', () => {
  for (const [n, of] of [
    [7, 3],
    [100, 7],
    [12, 12],
    [5, 1],
  ] as const) {
    const all = parts([suite('s', n)], of);
    expect(all.flat().sort()).toEqual([...suite('s', n).cases].map(({ name }) => name).sort());
    const sizes = all.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    const [first] = dealCases([suite('s', n)], { index: 1, of });
    expect(first?.cases).toHaveLength([...(first?.cases ?? [])].length);
  }
});

test('cases added at the end move no other', () => {
  const [before, after] = [parts([suite('s', 20)], 4), parts([suite('s', 23)], 4)];
  for (const [i, part] of before.entries()) expect(after[i]?.slice(0, part.length)).toEqual(part);
});

test('small suites do not all weigh on the first part', () => {
  const suites = Array.from({ length: 60 }, (_, i) => suite(`suite-${i}`, 1));
  const sizes = Array.from({ length: 4 }, (_, i) => dealt(suites, i + 1, 4).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
  // binomial with mean 15: 5 is three standard deviations off
  expect(Math.min(...sizes)).toBeGreaterThan(5);
});

test('a suite without a case in the part is left out, and a part without any case is refused', () => {
  const twins = [suite('one', 1), suite('many', 8)];
  const kept = [1, 2, 3, 4].map((index) => dealCases(twins, { index, of: 4 }).map(({ name }) => name));
  expect(kept.filter((names) => names.includes('one'))).toHaveLength(1);
  expect(kept.every((names) => names.includes('many'))).toBe(true);
  const empty = [1, 2].filter((index) => {
    try {
      return dealCases([suite('one', 1)], { index, of: 2 }).length === 0;
    } catch (error) {
      expect(String(error)).toContain(`part ${index} of 2 has no case: there are 1 in all`);
      return true;
    }
  });
  expect(empty).toHaveLength(1);
});

test('a share is written as part and number of parts', () => {
  expect(parseShard('2/4')).toEqual({ index: 2, of: 4 });
});

test('a part never passes, and ends with 0 only when all of it could be judged', () => {
  const verdict = (incomplete: number) =>
    ({ n: 5, verdict: 'PASS', reason: null, cases_to_settle: null, counts: { incomplete } }) as unknown as Verdict;
  const [whole, broken] = [0, 2].map((n) => withoutVerdict([verdict(n)], { index: 2, of: 4 })) as [Verdict[], Verdict[]];
  expect(whole[0]).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'incomplete', why: 'part 2 of 4: the verdict comes after onpar merge' });
  expect(broken[0]?.why).toMatch(/; 2 of its 5 cases could not be judged$/);
  expect([partExitCode(whole), partExitCode(broken), partExitCode([...whole, ...broken]), partExitCode([])]).toEqual([0, 3, 3, 2]);
});
