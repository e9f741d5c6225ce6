import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csv, readTextCell } from './csv.ts';
import { exampleRun, hostileTexts, withResult, textOf } from './example-run.ts';

const read = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true, record_delimiter: '\r\n' });
const numberCell = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));

test('every case and candidate is one row, and every value comes back', () => {
  const { record, results } = exampleRun();
  const rows = read(textOf(csv.render({ record, results })));
  expect(rows).toHaveLength(results.length);
  for (const [index, result] of results.entries()) {
    const row = rows[index] ?? {};
    const [baseline, candidate] = [result.answers.baseline[0], result.answers.candidate[0]];
    const text = (name: string) => readTextCell(row[name] ?? 'no such column');
    expect([text('suite'), text('case'), text('baseline'), text('candidate')]).toEqual([
      result.suite,
      result.case,
      result.baseline,
      result.candidate,
    ]);
    expect([row['verdict'], row['reason'], text('why'), row['complete']]).toEqual([
      result.verdict,
      result.reason ?? '',
      result.why,
      String(result.complete),
    ]);
    expect(text('tags').split('; ')).toEqual(result.tags);
    for (const side of ['baseline', 'candidate'] as const) {
      const first = result.answers[side][0];
      expect(row[`quality_score_${side}`]).toBe(numberCell(result.quality_score[side]));
      expect(row[`coverage_${side}`]).toBe(numberCell(result.coverage[side]));
      expect(row[`latency_ms_${side}`]).toBe(numberCell(first?.timings?.total_ms));
      expect(row[`input_tokens_${side}`]).toBe(numberCell(first?.usage?.input_tokens));
      expect(row[`output_tokens_${side}`]).toBe(numberCell(first?.usage?.output_tokens));
      expect(row[`state_${side}`]).toBe(first?.state ?? '');
    }
    for (const part of ['m', 'f'] as const)
      for (const name of ['raw', 'floor', 'ceiling'] as const)
        expect(row[`similarity_${part}_${name}`]).toBe(numberCell(result.similarity?.[part][name]));
    expect(row['similarity']).toBe(numberCell(result.similarity?.value));
    expect([text('answer_baseline'), text('answer_candidate')]).toEqual([baseline?.answer, candidate?.answer]);
  }
});

test('the prompt and both answers are the last columns', () => {
  const [row = {}] = read(textOf(csv.render(exampleRun())));
  expect(Object.keys(row).slice(-3)).toEqual(['prompt', 'answer_baseline', 'answer_candidate']);
});

test('lines end in CRLF after a byte order mark', () => {
  const text = textOf(csv.render({ ...exampleRun(), results: exampleRun().results.slice(0, 1) }));
  expect(text.startsWith('\uFEFFsuite,')).toBe(true);
  expect(text.endsWith('\r\n')).toBe(true);
});

test('a missing element is named, one met in part with its degree', () => {
  const view = withResult((result) => {
    const [element] = result.elements;
    if (element === undefined) throw new Error('the first case has an element');
    return {
      ...result,
      elements: [
        { ...element, label: 'cost', candidate: 0.6 },
        { ...element, label: 'UX', candidate: 0 },
        { ...element, label: 'met', candidate: 1 },
      ],
    };
  });
  expect(read(textOf(csv.render(view)))[0]?.['missing_elements']).toBe('cost (0.60); UX');
});

test.each(Object.entries(hostileTexts))('an answer with %s comes back whole and starts no formula', (_, hostile) => {
  const view = withResult((result) => ({
    ...result,
    case: hostile,
    answers: { ...result.answers, candidate: result.answers.candidate.map((answer) => ({ ...answer, answer: hostile })) },
  }));
  const [row = {}] = read(textOf(csv.render(view)));
  const cell = row['answer_candidate'] ?? '';
  expect(cell).not.toMatch(/^\s*[=+\-@]/);
  expect(readTextCell(cell)).toBe(hostile.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\u0000', '␀'));
});

test('a number below 0 stays a number', () => {
  const view = withResult((result) => ({ ...result, quality_score: { baseline: 1, candidate: -0.25 } }));
  expect(read(textOf(csv.render(view)))[0]?.['quality_score_candidate']).toBe('-0.25');
});

test('a run without cases has its header', () => {
  expect(textOf(csv.render({ ...exampleRun(), results: [] }))).toMatch(/^\uFEFFsuite,baseline,candidate,case,.*answer_candidate\r\n$/);
});
