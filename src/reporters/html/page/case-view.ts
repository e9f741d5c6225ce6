/** One case, whole: verdict, scores, elements, and the two answers side by side. */
import type { CaseResult, ElementScore, SimilarityPart } from '../../../record.ts';
import { fixed, oneLine, words } from '../../text.ts';
import { answersOf } from './answers.ts';
import { h } from './dom.ts';
import { markedText } from './marked-text.ts';

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

/** Everything known of a case below its title. */
export function caseBody(result: CaseResult): Node[] {
  const hard = [
    ...result.hard_failures.candidate.map(({ why }) => `candidate: ${why}`),
    ...result.hard_failures.baseline.map(({ why }) => `baseline: ${why}`),
  ];
  const others = hard.filter((line) => line !== `candidate: ${result.why}`);
  const tags = [result.critical ? 'critical' : null, ...result.tags].filter((tag) => tag !== null);
  return [
    h(
      'p',
      { class: 'case-meta' },
      badge(result),
      result.reason === null ? null : h('strong', {}, words(result.reason)),
      ` ${oneLine(result.suite)} · ${oneLine(result.baseline)} → ${oneLine(result.candidate)} `,
      ...tags.map((tag) => h('span', { class: 'tag' }, oneLine(tag))),
    ),
    h('p', { class: 'why' }, oneLine(result.why)),
    others.length === 0
      ? null
      : h('ul', { class: 'hard', 'aria-label': 'Hard failures' }, ...others.map((line) => h('li', {}, oneLine(line)))),
    prompt(result),
    h('div', { class: 'answers' }, answersOf(result, 'baseline'), answersOf(result, 'candidate')),
    h('div', { class: 'judged' }, elements(result), scores(result)),
    reproduce(result),
  ].filter((node) => node !== null);
}
