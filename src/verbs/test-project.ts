/** A small project in a temporary folder for tests of verbs: one suite, its models' answers in files. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../cli.ts';

/** Answers by model, then by case: the samples of a baseline, or the one answer of a candidate. */
export type ModelAnswers = Record<string, Record<string, string[]>>;

/** `cases` is YAML, the list below `cases:`; the first model is the baseline, the others are candidates. */
export function makeProject(cases: string, answers: ModelAnswers, samples = 3, weights = '{ coverage: 0.5, similarity: 0.5 }'): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-verb-'));
  for (const name of ['suites', 'answers']) mkdirSync(join(folder, name));
  const [baseline = '', ...candidates] = Object.keys(answers);
  const models = Object.keys(answers).map((name) => `  ${name}: { provider: file, path: ../answers/${name}.jsonl }\n`);
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n${models.join('')}`);
  for (const [name, byCase] of Object.entries(answers)) {
    const lines = Object.entries(byCase).flatMap(([one, texts]) =>
      texts.map((answer, sample) => JSON.stringify({ case: one, sample, answer })),
    );
    writeFileSync(join(folder, `answers/${name}.jsonl`), `${lines.join('\n')}\n`);
  }
  const head = `name: small\ncapability: general\nbaseline: ${baseline}\ncandidates: [${candidates.join(', ')}]\nparity_target: 0.85\n`;
  writeFileSync(
    join(folder, 'suites/small.yaml'),
    `${head}defaults: { samples: { baseline: ${samples} }, weights: ${weights} }\ncases:\n${cases}`,
  );
  return folder;
}

export async function run(cwd: string, args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await main(args, { cwd, env: {}, out: (text) => void (said.out += text), err: (text) => void (said.err += text) });
  return { code, ...said };
}
