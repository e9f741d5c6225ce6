/** Encoders as text: what would be pulled, what was, which are here, and whether they are right. */
import { basename, dirname } from 'node:path';
import type { PinnedEncoder } from '../embed/catalogue.ts';
import type { EncoderFolder } from '../embed/encoder-folder.ts';
import type { Pulled, PullPlan } from '../embed/pull.ts';
import type { ServedMemo } from '../embed/served.ts';
import type { Source } from '../embed/source.ts';
import type { FileCheck, VectorCheck } from '../embed/verify.ts';
import { painter, wrap } from '../reporters/terminal.ts';
import { oneLine, plural } from '../reporters/text.ts';

interface Options {
  width: number;
  hasColour: boolean;
}

const LABEL_WIDTH = 10;

export function planText(encoder: PinnedEncoder, plan: PullPlan, address: string, width: number): string {
  const { name, repo, revision, licence, files } = encoder;
  const rows = files.map(({ path, bytes, sha256 }) => {
    const known = sha256 === null ? 'by its revision' : `sha256 ${sha256.slice(0, 12)}…`;
    return `  ${path.padEnd(32)}${(bytes === null ? 'unknown' : size(bytes)).padStart(9)}   ${known}`;
  });
  const kept = plan.have === 0 ? '' : `, ${size(plan.have)} of them here already`;
  const facts: [string, string][] = [
    [
      'total',
      `${size(plan.bytes)}${files.some(({ bytes }) => bytes === null) ? ' and more' : ''} in ${plural(files.length, 'file')}${kept}`,
    ],
    ['from', `${address}/${repo}`],
    ['revision', revision],
    ['to', dirname(plan.dir)],
    ['folder', basename(plan.dir)],
    ...(plan.free === null ? [] : [['free', size(plan.free)] as [string, string]]),
    ['licence', licence],
  ];
  const next = plan.isComplete ? `${name} is here already` : `to do it: onpar embedder pull ${name}`;
  return lines([`${name}, as it would be pulled:`, '', ...rows, '', ...facts.flatMap((fact) => labelled(fact, width)), '', next]);
}

export function pulledText(encoder: PinnedEncoder, { folder, isNew, bytes }: Pulled, width: number): string {
  const { name, repo, licence } = encoder;
  return lines([
    isNew ? `${name} is here now:` : `${name} is here already (every file is as long as it should be):`,
    '',
    ...(
      [
        ['in', dirname(folder.dir)],
        ['folder', basename(folder.dir)],
        ['size', `${size(bytes)} in ${plural(encoder.files.length, 'file')}`],
        ['vectors', kind(folder)],
        ['licence', `${licence} (${repo})`],
      ] satisfies [string, string][]
    ).flatMap((fact) => labelled(fact, width)),
    '',
    `next: onpar embedder verify ${name}`,
  ]);
}

interface Here {
  dir: string;
  folder: EncoderFolder | null;
  problem: string | null;
}

interface Listing {
  served: ServedMemo[];
  groups: { dir: string; encoders: Here[] }[];
  chosen: { dir: string | null; why: string };
  plans: { encoder: PinnedEncoder; plan: PullPlan }[];
}

export function listText({ groups, served, chosen, plans }: Listing, { width, hasColour }: Options): string {
  const paint = painter(hasColour);
  const blocks = groups.flatMap(({ dir, encoders }) => [
    paint(dir, 'dim'),
    ...(encoders.length === 0 ? ['  no encoder'] : []),
    ...encoders.flatMap((one) => [...entry(one, one.dir === chosen.dir ? chosen.why : null, paint, width)]),
    '',
  ]);
  const servers = served.flatMap(({ base, model, dimensions, fingerprint, seen_at }) => [
    `  ${paint(oneLine(model), 'bold')}`,
    ...(
      [
        ['name', oneLine(`${base}#${model}`)],
        ['vectors', `${dimensions} dimensions, identity served-${fingerprint.slice(0, 12)}`],
        ['asked', `last on ${seen_at.slice(0, 10)}`],
      ] satisfies [string, string][]
    )
      .flatMap((fact) => labelled(fact, width - 2))
      .map((line) => `  ${line}`),
  ]);
  const ofServers = servers.length === 0 ? [] : [paint('served, and asked from this machine before', 'dim'), ...servers, ''];
  const toPull = plans.map(({ encoder: { name, licence }, plan: { bytes, have } }) => {
    const part = have === 0 ? '' : `, ${size(have)} here already`;
    return `to be had: ${name} (${size(bytes)}${part}, ${licence}): onpar embedder pull ${name}`;
  });
  return lines([...blocks, ...ofServers, ...toPull.flatMap((text) => wrap(text, columns(width)))]);
}

function entry({ dir, folder, problem }: Here, why: string | null, paint: ReturnType<typeof painter>, width: number): string[] {
  const [name = '', revision = null] = basename(dir).split('@');
  const facts: [string, string][] = [
    ['revision', revision ?? 'not said'],
    ...(folder === null
      ? ([['unfit', oneLine(problem ?? '')]] satisfies [string, string][])
      : ([
          [
            'weights',
            `${folder.dtype}, ${size(folder.bytes)} with its tokenizer, identity ${folder.dtype}-${folder.fingerprint.slice(0, 12)}`,
          ],
          ['vectors', kind(folder)],
        ] satisfies [string, string][])),
    ['folder', basename(dir)],
    ...(why === null ? [] : ([['default', why]] satisfies [string, string][])),
  ];
  return [`  ${paint(name, 'bold')}`, ...facts.flatMap((fact) => labelled(fact, width - 2)).map((line) => `  ${line}`)];
}

interface Verified extends Here {
  files: FileCheck[];
  /** null: it was not tried */
  vectors: VectorCheck | null;
  /** what it can be pulled as */
  pullName: string | null;
}

export function verifiedText({ dir, files, folder, problem, vectors, pullName }: Verified, { width, hasColour }: Options): string {
  const paint = painter(hasColour);
  const mark = (isRight: boolean | null) => (isRight === null ? paint('·', 'dim') : isRight ? paint('✓', 'green') : paint('✗', 'red'));
  const row = (isRight: boolean | null, text: string) =>
    wrap(oneLine(text), columns(width) - 4).map((line, i) => (i === 0 ? `  ${mark(isRight)} ${line}` : `    ${line}`));
  const known = files.length === 0 ? row(null, 'files: none is pinned, and none was pulled by onpar') : [];
  const ofFile = files.flatMap(({ path, bytes, isRight, why }) =>
    row(isRight, `${path}${bytes === null ? '' : `, ${size(bytes)}`}: ${why}`),
  );
  const reading = folder === null ? row(false, problem ?? '') : row(true, `reads as ${folder.dtype}, ${kind(folder)}`);
  const ofVectors = vectors === null ? row(null, 'vectors: not tried') : row(vectors.isRight, `vectors: ${vectors.why}`);
  const isSpoilt = files.some(({ isRight }) => isRight === false);
  const mend = isSpoilt && pullName !== null ? `: remove what is marked ✗, then "onpar embedder pull ${pullName}" brings it anew` : '';
  const end = wrap(vectors?.isRight ? 'right' : `not right${mend}`, columns(width) - 2).map((line) => `  ${line}`);
  return lines([paint(basename(dir), 'bold'), ...known, ...ofFile, ...reading, ...ofVectors, ...end, '']);
}

interface VerifiedServed {
  base: string;
  source: Source;
  vectors: VectorCheck;
}

export function verifiedServedText({ base, source: { identity, choice }, vectors }: VerifiedServed, { width, hasColour }: Options): string {
  const paint = painter(hasColour);
  const rows: [boolean, string][] = [
    [true, `${base}: ${identity.dimensions} dimensions, identity ${identity.revision}`],
    [true, choice],
    [vectors.isRight, `vectors: ${vectors.why}`],
  ];
  const ofRow = ([isRight, text]: [boolean, string]) =>
    wrap(oneLine(text), columns(width) - 4).map((line, i) =>
      i === 0 ? `  ${isRight ? paint('✓', 'green') : paint('✗', 'red')} ${line}` : `    ${line}`,
    );
  return lines([paint(oneLine(identity.id), 'bold'), ...rows.flatMap(ofRow), `  ${vectors.isRight ? 'right' : 'not right'}`, '']);
}

const kind = ({ dimensions, pooling, maxTokens }: EncoderFolder): string =>
  `${dimensions} dimensions, ${pooling} pooling, windows of ${maxTokens} tokens`;

function labelled([label, text]: [string, string], width: number): string[] {
  const [first = '', ...rest] = wrap(text, columns(width) - LABEL_WIDTH - 2);
  return [`  ${label.padEnd(LABEL_WIDTH)}${first}`, ...rest.map((line) => ' '.repeat(LABEL_WIDTH + 2) + line)];
}

/** `2.27 GB`, `724.9 kB`, `54 B` */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;
}

const columns = (width: number): number => Math.max(60, Math.min(100, width));
const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
