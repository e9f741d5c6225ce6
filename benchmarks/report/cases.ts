/** A made-up run of N cases for the benchmark of the report. Its texts are real Markdown: paragraphs of the packages' own documents. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, CaseResult, RunRecord } from '../../src/record.ts';

/** Characters of an answer, on average. */
const ANSWER = 1_500;

/** Numbers in [0, 1) that are the same every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Paragraphs of 60 to 1,200 characters of the Markdown files below a folder, each once. */
function paragraphsBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(md|markdown)$/i.test(file));
  const found = files.sort().flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/\n\s*\n/));
  return [...new Set(found.map((one) => one.trim()))].filter(({ length }) => length >= 60 && length <= 1_200);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Writes run.json and results.jsonl into a folder; gives the characters of all answers. */
export function writeRun(root: string, folder: string, n: number): { answers: number; paragraphs: number } {
  const paragraphs = paragraphsBelow(join(root, 'node_modules'));
  const random = numbers(2026);
  const some = () => paragraphs[Math.floor(random() * paragraphs.length)] ?? '';
  const text = (length: number) => {
    let all = some();
    while (all.length < length) all += `\n\n${some()}`;
    return all;
  };
  let characters = 0;
  const answer = (model: string, name: string): Answer => {
    const words = text(ANSWER * (0.25 + random() * 1.1));
    characters += words.length;
    const [total_ms, output_tokens] = [Math.round(400 + random() * 4_000), Math.round(words.length / 4)];
    return {
      ...{ model, case: name, sample: 0, state: 'ok', why: null, answer: words, reasoning: null, finish_reason: 'stop' },
      usage: { input_tokens: Math.round(20 + random() * 200), output_tokens, reasoning_tokens: null },
      timings: { total_ms, first_token_ms: Math.round(total_ms / 5), tokens_per_second: output_tokens / (total_ms / 1000) },
      ...{ reported_model: `${model}-2026`, origin: 'live', source: null, licence: null },
      call: {
        request: sha256(`${model}${name}`),
        recorded_at: new Date(1.79e12 + random() * 1e9).toISOString(),
        ...{ attempts: 1, provenance: { fingerprint: 'fp_1' }, cost_usd: output_tokens * 1e-5, prices: null },
      },
    };
  };
  const lines = Array.from({ length: n }, (_, at) => {
    const prompt = some();
    const name = `${String(at).padStart(5, '0')} ${prompt.replace(/\s+/g, ' ').slice(0, 60)}`;
    const [baseline, candidate] = [answer('gpt-4.1', name), answer('qwen2.5-72b', name)];
    const score = random() < 0.41 ? random() * 0.8 : 0.85 + random() * 0.15;
    const passes = score >= 0.85;
    const part = { value: score, raw: 0.5 + score / 3, floor: 0.4, ceiling: 0.9 };
    const spans = { baseline: [[0, 12]] as [number, number][], candidate: [[4, 20]] as [number, number][] };
    const element = {
      kind: 'contains',
      weight: 1,
      required: false,
      baseline: 1,
      candidate: passes ? 1 : 0,
      why: 'found as written',
      spans,
    };
    const result: CaseResult = {
      ...{ suite: 'bench', case: name, baseline: 'gpt-4.1', candidate: 'qwen2.5-72b', tags: [`tag-${at % 12}`], critical: false },
      at: { file: 'suites/bench.yaml', line: at + 10, column: 5 },
      ...{ verdict: passes ? 'PASS' : 'NEEDS_WORK', reason: passes ? null : 'below_target', complete: true },
      why: `quality score ${score.toFixed(3)} of 1.000`,
      quality_score: { baseline: 1, candidate: score },
      coverage: { baseline: 1, candidate: score },
      similarity: { value: score, why: 'mean of two calibrated similarities', m: part, f: part },
      elements: prompt
        .split(/\s+/)
        .slice(0, 3)
        .map((label) => ({ ...element, label })),
      reading: { baseline: 'whole', candidate: 'whole' },
      hard_failures: { baseline: [], candidate: [] },
      messages: [{ role: 'user', content: prompt }],
      answers: { baseline: [baseline], candidate: [candidate] },
    };
    return JSON.stringify(result);
  });
  const example = JSON.parse(readFileSync(join(root, 'fixtures/runs/example/run.json'), 'utf8')) as RunRecord;
  const [verdict] = example.verdicts;
  if (verdict === undefined) throw new Error('the example run has no verdict');
  const record = { ...example, run: 'bench', verdicts: [{ ...verdict, suite: 'bench', baseline: 'gpt-4.1', candidate: 'qwen2.5-72b', n }] };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'results.jsonl'), `${lines.join('\n')}\n`);
  return { answers: characters, paragraphs: paragraphs.length };
}
