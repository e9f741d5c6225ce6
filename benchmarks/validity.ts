/**
 * What the score is worth: measures it anew and writes docs/validity.md with its charts.
 *   npm run validity [-- --data DIR] [--quick] [--encoder DIR] [--out DIR]
 * DIR holds zeroeval, arena-hard and alpacaeval, each if it is there. `--encoder` names a folder with a second encoder. `--out` is where
 * validity.md and pictures/validity are written (default: docs).
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { BUNDLED_ENCODER, defaultFolders, type OpenEmbedder, openEmbedder } from '../src/embed/index.ts';
import { measureAdversarial } from './validity/adversarial.ts';
import { renderAdversarial } from './validity/adversarial-page.ts';
import { type AlpacaResult, measureAlpacaEval, readAlpacaEval, SAMPLES } from './validity/alpacaeval.ts';
import { ALPACAEVAL, ALPACAEVAL_GOALS, ENCODERS, renderAlpacaEval, renderEncoders } from './validity/alpacaeval-page.ts';
import { measureArena } from './validity/arena.ts';
import { renderArena } from './validity/arena-page.ts';
import { agreesWithJudge } from './validity/as-judged.ts';
import { documentOf } from './validity/document.ts';
import { folderOf, type Input } from './validity/input.ts';
import { measureNothingChanged, renderNothingChanged } from './validity/nothing-changed.ts';
import { notMeasured, type Section } from './validity/page.ts';
import { measureRightOrWrong } from './validity/right-or-wrong.ts';
import { runShippedSuites } from './validity/shipped-run.ts';
import { measureSummHay, SHIPPED } from './validity/summhay.ts';
import { renderSummHay } from './validity/summhay-page.ts';
import { measureVerdictErrors, orderedPairs, type Population, truePairs } from './validity/verdict-errors.ts';
import { renderVerdictErrors } from './validity/verdict-errors-page.ts';
import { measureZeroEval } from './validity/zeroeval.ts';
import { readAnswerSets, readPublished, SETS } from './validity/zeroeval-answers.ts';
import { renderZeroEval } from './validity/zeroeval-page.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, quick: { type: 'boolean' }, encoder: { type: 'string' }, out: { type: 'string' } },
});
const input: Input = { data: values.data ?? null, isQuick: values.quick ?? false, root: process.cwd() };
const resamples = input.isQuick ? 200 : 1000;
const told = (what: string) => process.stderr.write(`${what}\n`);
const embedder = await openEmbedder({ name: BUNDLED_ENCODER, ...defaultFolders(process.env) });

told('closed answers');
const zeroeval = measureZeroEval(readAnswerSets(input), readPublished(input.root));
told('shipped suites');
const shipped = runShippedSuites(input.root);
told('degenerate answers');
const arena = await measureArena(input, embedder);
told('open answers');
const alpacaFolder = folderOf(input, 'alpacaeval');
const alpaca = alpacaFolder === null ? null : await bothSets(alpacaFolder);
told('verdicts');
const verdictErrors = renderVerdictErrors(verdictsMeasured());

const sections: Section[] = [
  renderZeroEval(zeroeval, folderOf(input, 'zeroeval') !== null),
  verdictErrors,
  renderArena(arena),
  alpaca === null
    ? notMeasured(ALPACAEVAL, 'AlpacaEval may not be shipped (`--data`)', ALPACAEVAL_GOALS)
    : renderAlpacaEval(alpaca[0], alpaca[1]),
  await encoders(),
  renderNothingChanged(measureNothingChanged(shipped.verdicts)),
  renderAdversarial(await measureAdversarial('fixtures/adversarial', embedder)),
  renderSummHay(await measureSummHay(SHIPPED, embedder)),
];
await embedder.close();
write(sections);

async function bothSets(folder: string): Promise<[AlpacaResult, AlpacaResult]> {
  const data = readAlpacaEval(folder);
  return [await measureAlpacaEval(data, 0, embedder), await measureAlpacaEval(data, 1, embedder)];
}

function verdictsMeasured(): Parameters<typeof renderVerdictErrors>[0] {
  const pairs = truePairs(zeroeval.flatMap(({ set, right }) => orderedPairs(SETS[set].title, right)));
  const closed = measureVerdictErrors(pairs, resamples);
  if (closed === null) throw new Error('the answers that are shipped have no pair of models');
  const closedFrom = zeroeval.map(({ set, problems }) => `${SETS[set].title}, ${problems} problems`).join('; ');
  const graded = measureVerdictErrors(truePairs([...shipped.graded, ...(alpaca ?? []).flatMap(openPairs)]), resamples);
  return { closed, closedFrom, graded, exact: measureRightOrWrong(), judged: agreesWithJudge(pairs) };
}

/** The baseline against each model on the leaderboard. */
function openPairs({ rows }: AlpacaResult, set: number): Population[] {
  const real = rows.filter((row) => row.winRate !== null);
  return real.map(({ name, cases }) => ({ set: `AlpacaEval set ${set + 1}`, baseline: SAMPLES[0], candidate: name, cases }));
}

async function encoders(): Promise<Section> {
  if (values.encoder === undefined)
    return notMeasured(ENCODERS, 'no second encoder was given (`--encoder DIR`)', ['AlpacaEval: the same goals with another encoder']);
  if (alpaca === null || alpacaFolder === null)
    return notMeasured(ENCODERS, 'it is measured on AlpacaEval (`--data`)', ['AlpacaEval: the same goals with another encoder']);
  const folder = resolve(values.encoder);
  const other: OpenEmbedder = await openEmbedder({ ...defaultFolders(process.env), name: basename(folder), modelsDirs: [dirname(folder)] });
  try {
    return renderEncoders(alpaca[0], await measureAlpacaEval(readAlpacaEval(alpacaFolder), 0, other), [
      embedder.identity.id,
      other.identity.id,
    ]);
  } finally {
    await other.close();
  }
}

function write(all: readonly Section[]): void {
  const out = resolve(values.out ?? join(input.root, 'docs'));
  const pictures = join(out, 'pictures/validity');
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  for (const { name, svg } of all.flatMap((section) => section.charts)) writeFileSync(join(pictures, `${name}.svg`), svg);
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform}`;
  const madeOn = `Measured on ${date} with onpar ${packageJson.version}, encoder ${embedder.identity.id} (${embedder.identity.revision})${input.isQuick ? ', quick' : ''}, on ${machine}.`;
  writeFileSync(join(out, 'validity.md'), documentOf(all, madeOn));
  const goals = all.flatMap((section) => section.goals);
  told(
    `${join(out, 'validity.md')}: ${goals.length} goals, ${goals.filter((goal) => goal.isMet === true).length} met, ${goals.filter((goal) => goal.isMet === null).length} not measured`,
  );
}
