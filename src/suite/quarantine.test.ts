import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Quarantine } from '../record.ts';
import { loadSuites } from './load-suites.ts';
import { optionsFor } from './test-kinds.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'onpar-quarantine-'));
  writeFileSync(join(cwd, 'models.yaml'), 'models:\n  b: { provider: openai }\n  c: { provider: openai }\n');
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function load(body: string, today = '2026-11-25') {
  writeFileSync(join(cwd, 'suite.yaml'), `name: s\ncapability: general\nbaseline: b\ncandidates: [c]\nparity_target: 0.9\n${body}`);
  const { suites, warnings } = await loadSuites(optionsFor(cwd, { today }));
  const [suite] = suites;
  const held = Object.fromEntries(Array.from(suite?.cases ?? [], ({ name, quarantine }) => [name, quarantine]));
  return { held, hash: suite?.hash, warnings: warnings.map(({ code, at }) => [code, at?.file, at?.line].join(' ')) };
}

const one = (quarantine: string) => `cases:\n  - { name: a, prompt: p, expected_elements: [x]${quarantine} }\n`;
const HELD: Quarantine = { until: '2026-11-25', why: 'flaky tool' };

test('a case is held until the end of its day, and counts from the next one on, with a warning', async () => {
  const body = one(', quarantine: { until: 2026-11-25, why: flaky tool }');
  expect(await load(body)).toMatchObject({ held: { a: HELD }, warnings: [] });
  const after = await load(body, '2026-11-26');
  expect(after).toMatchObject({ held: { a: undefined }, warnings: ['suite/quarantine-over suite.yaml 7'] });
});

test('a quarantine changes what the suite means, its reason does not', async () => {
  const hashOf = async (quarantine: string) => (await load(one(quarantine))).hash;
  const [free, held, reworded] = [
    await hashOf(''),
    await hashOf(', quarantine: { until: 2026-12-31, why: x }'),
    await hashOf(', quarantine: { until: 2026-12-31, why: y }'),
  ];
  expect(held).not.toBe(free);
  expect(reworded).toBe(held);
});

test('rows of a dataset are held where their columns say so', async () => {
  writeFileSync(join(cwd, 'rows.csv'), 'id,until,why\na,2026-11-25,flaky tool\nb,,\nc,2026-01-01,old\n');
  const row = '{ name: "{{id}}", prompt: p, expected_elements: [x], quarantine: { until: "{{until}}", why: "{{why}}" } }';
  const { held, warnings } = await load(`dataset: { path: rows.csv, case: ${row} }\n`);
  expect(held).toEqual({ a: HELD, b: undefined, c: undefined });
  expect(warnings).toEqual(['suite/quarantine-over rows.csv 4']);
});
