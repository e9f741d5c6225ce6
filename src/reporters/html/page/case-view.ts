/** One case, whole: verdict, scores, elements, and the two answers side by side. */
import type { CaseResult, ElementScore, SimilarityPart } from '../../../record.ts';
import { fixed, oneLine, words } from '../../text.ts';
import { sides } from './answers.ts';
import { h } from './dom.ts';
import { markedText } from './marked-text.ts';
import { reviewBox } from './review-case.ts';
import type { ReviewStore } from './review-store.ts';
import type { View } from './state.ts';
import type { PackedCase } from './types.ts';

export function badge({ verdict, complete }: Pick<CaseResult, 'verdict' | 'complete'>): HTMLElement {
  if (verdict === 'PASS') return h('span', { class: 'badge pass' }, h('span', { 'aria-hidden': 'true' }, '✓'), ' PASS');
  const [tone, sign] = complete ? ['fail', '✗'] : ['open', '?'];
  return h('span', { class: `badge ${tone}` }, h('span', { 'aria-hidden': 'true' }, sign), ' NEEDS WORK');
}

function meter(value: number | null): HTMLElement {
  const bar = h('span', { class: 'meter', 'aria-hidden': 'true' });
  bar.style.setProperty('--value', String(value ?? 0));
  return bar;
}

const scoreRow = (name: string, baseline: number | null, candidate: number | null) =>
  h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, fixed(baseline)), h('td', {}, fixed(candidate), meter(candidate)));

const similarityRow = (name: string, { value, raw, floor, ceiling }: SimilarityPart) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    ...[raw, floor, ceiling].map((cell) => h('td', {}, fixed(cell))),
    h('td', {}, value === null ? 'not informative' : fixed(value)),
  );

const head = (...names: string[]) => h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name))));

function scores({ quality_score, coverage, similarity, reading }: CaseResult): HTMLElement {
  const rows = [
    scoreRow('quality score', quality_score.baseline, quality_score.candidate),
    scoreRow('coverage', coverage.baseline, coverage.candidate),
  ];
  rows.push(h('tr', {}, h('th', { scope: 'row' }, 'read as'), h('td', {}, reading.baseline ?? '–'), h('td', {}, reading.candidate ?? '–')));
  const box = h(
    'div',
    { class: 'tables' },
    h('table', { class: 'plain' }, h('caption', {}, 'Scores'), head('score', 'baseline', 'candidate'), h('tbody', {}, ...rows)),
  );
  if (similarity === null) return box;
  const parts = [similarityRow('mean vectors (m)', similarity.m), similarityRow('segments (F)', similarity.f)];
  const total = h(
    'tr',
    { class: 'total' },
    h('th', { scope: 'row', colspan: '4' }, 'similarity'),
    h('td', {}, h('strong', {}, fixed(similarity.value))),
  );
  const caption = h('caption', {}, 'Similarity to the baseline');
  box.append(
    h('table', { class: 'plain' }, caption, head('part', 'raw', 'floor', 'ceiling', 'calibrated'), h('tbody', {}, ...parts, total)),
  );
  return box;
}

/** Sign and word, so that colour is never the only one to tell. */
function met(value: number | null, kind: string): HTMLElement {
  if (value === null) return h('span', { class: 'met none' }, '– not judged');
  if (value >= 1) return h('span', { class: 'met yes' }, kind === 'not' ? '✓ absent' : '✓ found');
  if (value > 0) return h('span', { class: 'met part' }, `◐ ${fixed(value, 2)}`);
  return h('span', { class: 'met no' }, kind === 'not' ? '✗ present' : '✗ missing');
}

function elementRow({ label, kind, weight, required, baseline, candidate, why }: ElementScore): HTMLElement {
  const notes = [kind, weight === 1 ? null : `weight ${weight}`, required ? 'required' : null].filter((note) => note !== null).join(', ');
  const name = h('th', { scope: 'row' }, oneLine(label, 200), h('span', { class: 'note' }, notes));
  return h(
    'tr',
    {},
    name,
    h('td', { 'data-side': 'baseline' }, met(baseline, kind)),
    h('td', { 'data-side': 'candidate' }, met(candidate, kind)),
    h('td', { class: 'why' }, oneLine(why, 300)),
  );
}

const elements = (result: CaseResult) =>
  result.elements.length === 0
    ? null
    : h(
        'table',
        { class: 'plain elements' },
        h('caption', {}, 'Expected elements'),
        head('element', 'baseline', 'candidate', 'why'),
        h('tbody', {}, ...result.elements.map(elementRow)),
      );

const quoted = (text: string) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function reproduce({ suite, case: name, at }: CaseResult): HTMLElement {
  const command = `npm run eval -- --suite ${quoted(oneLine(suite))} -t ${quoted(oneLine(name))}`;
  const copy = h('button', { type: 'button', class: 'quiet' }, 'Copy');
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(command).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'Select and copy it by hand'),
    );
  });
  return h(
    'div',
    { class: 'reproduce' },
    h('h2', {}, 'Run this case again'),
    h('p', {}, h('code', {}, command), copy),
    h('p', { class: 'facts' }, `${oneLine(at.file)}:${at.line}`),
  );
}

/** The prompt, with every role named in a conversation. */
const prompt = (result: CaseResult) =>
  h(
    'section',
    { class: 'prompt' },
    h('h2', {}, 'Prompt'),
    ...result.messages.map(({ role, content }) =>
      h('div', { class: 'message' }, h('span', { class: 'side' }, role), markedText(content, [])),
    ),
  );

const VIEW_NAMES: Record<View, string> = { text: 'Text', markdown: 'Markdown', diff: 'Differences' };

/** Links, since the view stands in the address. The text as it was scored comes first: marks are exact in it. */
function viewSwitch(view: View, addressOf: (view: View) => string): HTMLElement {
  const links = Object.entries(VIEW_NAMES).map(([name, label]) =>
    h('a', { href: addressOf(name as View), 'data-view': name, ...(name === view ? { 'aria-current': 'true' } : {}) }, label),
  );
  return h('nav', { class: 'views', 'aria-label': 'How the answers are shown' }, ...links);
}

function hardFailures({ hard_failures, why }: CaseResult): HTMLElement | null {
  const all = (['candidate', 'baseline'] as const).flatMap((side) => hard_failures[side].map((failure) => `${side}: ${failure.why}`));
  const others = all.filter((line) => line !== `candidate: ${why}`);
  return others.length === 0
    ? null
    : h('ul', { class: 'hard', 'aria-label': 'Hard failures' }, ...others.map((line) => h('li', {}, oneLine(line))));
}

const CHANGES = { new: 'new', fixed: 'fixed since the last run', broken: 'broken since the last run', same: null };

function meta(result: PackedCase): HTMLElement {
  const { suite, baseline, candidate, reason, tags, critical, transition, quarantine } = result;
  const change = transition === undefined ? null : CHANGES[transition];
  const all = [critical ? 'critical' : null, ...tags].filter((tag) => tag !== null);
  return h(
    'p',
    { class: 'case-meta' },
    badge(result),
    reason === null ? null : h('strong', {}, words(reason)),
    ` ${oneLine(suite)} · ${oneLine(baseline)} → ${oneLine(candidate)} `,
    change === null ? null : h('span', { class: `change ${transition ?? ''}` }, change),
    quarantine === undefined
      ? null
      : h('span', { class: 'tag' }, oneLine(`in quarantine until ${quarantine.until}, not counted: ${quarantine.why}`)),
    ...all.map((tag) => h('span', { class: 'tag' }, oneLine(tag))),
  );
}

/** Everything known of a case below its title. */
export function caseBody(result: PackedCase, view: View, addressOf: (view: View) => string, store: ReviewStore): Node[] {
  return [
    meta(result),
    h('p', { class: 'why' }, oneLine(result.why)),
    hardFailures(result),
    prompt(result),
    viewSwitch(view, addressOf),
    sides(result, view),
    h('div', { class: 'judged' }, elements(result), scores(result)),
    reviewBox(result, store),
    reproduce(result),
  ].filter((node) => node !== null);
}
