/** The two sides of a case: what each model answered, what was found in it, and how it came about. */
import type { Answer, CaseResult } from '../../../record.ts';
import { fixed, oneLine, usd, words } from '../../text.ts';
import { h } from './dom.ts';
import { exchange } from './exchange.ts';
import { markdownText } from './markdown.ts';
import { markedText, type Mark } from './marked-text.ts';
import type { View } from './state.ts';
import { DIFF_CHARACTERS, wordDiff } from './word-diff.ts';

type Side = 'baseline' | 'candidate';

/** An element that must be absent scores below 1 where it is found. */
const marksOf = (result: CaseResult, side: Side): Mark[] =>
  result.elements.flatMap(({ label, spans, kind, ...element }) =>
    spans[side].map(
      (span) => ({ span, label: oneLine(label, 200), kind: kind === 'not' && (element[side] ?? 0) < 1 ? 'bad' : 'found' }) as const,
    ),
  );

function facts(answer: Answer): string {
  const { timings, usage, finish_reason, call } = answer;
  const all = [
    timings === null ? 'times unknown' : `${(timings.total_ms / 1000).toFixed(2)} s`,
    timings?.first_token_ms === null || timings === null ? null : `first token after ${(timings.first_token_ms / 1000).toFixed(2)} s`,
    usage === null ? 'tokens unknown' : `${usage.input_tokens} in, ${usage.output_tokens} out`,
    typeof call?.cost_usd === 'number' ? usd(call.cost_usd) : 'cost unknown',
    timings === null || timings.tokens_per_second === null ? null : `${timings.tokens_per_second.toFixed(1)} tokens/s`,
    finish_reason === null ? 'end unknown' : `ended by ${finish_reason}`,
  ];
  return all.filter((fact) => fact !== null).join(' · ');
}

function provenance({ reported_model, origin, source, licence, call }: Answer): string {
  const told = Object.entries(call?.provenance ?? {}).flatMap(([name, value]) => (value === null ? [] : [`${words(name)} ${value}`]));
  const all = [
    reported_model === null ? 'model not reported' : `reported as ${reported_model}`,
    origin,
    call === null ? null : `asked ${call.recorded_at.slice(0, 10)}`,
    call !== null && call.attempts > 1 ? `${call.attempts} tries` : null,
    ...told,
    source,
    licence,
  ];
  return all
    .filter((fact) => fact !== null)
    .map((fact) => oneLine(fact))
    .join(' · ');
}

const folded = (title: string, ...content: HTMLElement[]) => h('details', {}, h('summary', {}, title), ...content);

/** What a side needs to be shown. */
interface Shown {
  messages: CaseResult['messages'];
  view: View;
}

function answerBody(answer: Answer, marks: readonly Mark[], { messages, view }: Shown): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (answer.state !== 'ok')
    parts.push(h('p', { class: 'state' }, h('strong', {}, words(answer.state)), answer.why === null ? '' : `: ${oneLine(answer.why)}`));
  const written = () => (view === 'markdown' ? markdownText(answer.answer, marks) : markedText(answer.answer, marks));
  parts.push(answer.answer === '' ? h('p', { class: 'empty' }, 'No answer text.') : written());
  if (answer.reasoning !== null && answer.reasoning !== '') {
    parts.push(
      folded(`Reasoning, not scored (${answer.reasoning.length.toLocaleString('en')} characters)`, markedText(answer.reasoning, [])),
    );
  }
  parts.push(exchange(messages, answer));
  parts.push(h('p', { class: 'facts' }, [facts(answer), provenance(answer)].filter((line) => line !== '').join(' · ')));
  return parts;
}

function missing(result: CaseResult, side: Side): HTMLElement | null {
  const labels = result.elements.filter(({ kind, ...element }) => kind !== 'not' && (element[side] ?? 0) < 1);
  if (labels.length === 0) return null;
  const items = labels.map(({ label, ...element }) =>
    h('li', {}, (element[side] ?? 0) > 0 ? `${oneLine(label)} (${fixed(element[side], 2)})` : oneLine(label)),
  );
  return h('div', { class: 'missing' }, h('span', {}, 'Missing'), h('ul', {}, ...items));
}

/** A sample of a sibling version of the model says whose it is. */
const sampleTitle = ({ model, state }: Answer, number: number, name: string) =>
  `Sample ${number}${model === name ? '' : `, by ${oneLine(model)}`}${state === 'ok' ? '' : `, ${words(state)}`}`;

/** Heading, text, what is missing, reasoning and further samples of one side. */
function answersOf(result: CaseResult, side: Side, marks: readonly Mark[], view: View): HTMLElement {
  const [first, ...more] = result.answers[side];
  const title = h('h2', {}, h('span', { class: 'side' }, side), h('span', { class: `key ${side}` }, oneLine(result[side])));
  if (first === undefined) return h('section', { class: `answer ${side}` }, title, h('p', { class: 'empty' }, 'No usable answer.'));
  const shown = { messages: result.messages, view };
  const samples = more.map((answer, index) => folded(sampleTitle(answer, index + 2, result[side]), ...answerBody(answer, [], shown)));
  return h('section', { class: `answer ${side}` }, title, missing(result, side), ...answerBody(first, marks, shown), ...samples);
}

/** Both sides with what only one of them has; a note where that cannot be told. */
function differences(result: CaseResult): { note: string; baseline: Mark[]; candidate: Mark[] } {
  const [before, after] = [result.answers.baseline[0]?.answer ?? '', result.answers.candidate[0]?.answer ?? ''];
  const found = wordDiff(before, after);
  if (found === null)
    return { note: 'The two answers are too long and too different to be compared word by word.', baseline: [], candidate: [] };
  const own = (all: typeof found.before) => all.filter(({ isOwn }) => isOwn).map(({ span }): Mark => ({ span, label: '', kind: 'own' }));
  const isCut = Math.max(before.length, after.length) > DIFF_CHARACTERS;
  const note =
    before === after
      ? 'The two answers are the same.'
      : `Underlined: words that only this answer has.${isCut ? ` Compared: the first ${DIFF_CHARACTERS.toLocaleString('en')} characters.` : ''}`;
  return { note, baseline: own(found.before), candidate: own(found.after) };
}

/** The two answers side by side, in one of the views. */
export function sides(result: CaseResult, view: View): HTMLElement {
  const diff = view === 'diff' ? differences(result) : null;
  const side = (name: Side) => answersOf(result, name, diff === null ? marksOf(result, name) : diff[name], view);
  const both = h('div', { class: 'answers' }, side('baseline'), side('candidate'));
  return h('div', {}, diff === null ? null : h('p', { class: 'note diff-note', role: 'status' }, diff.note), both);
}
