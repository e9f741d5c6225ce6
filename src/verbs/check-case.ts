/** What is wrong with the elements of a case by its text alone: no answer is needed for it. */
import { createHash } from 'node:crypto';
import type { Case, Element } from '../record.ts';
import { oneLine, promptText } from '../reporters/text.ts';
import { checkAnswer } from '../scorers/coverage.ts';
import { elementKinds } from '../scorers/elements/index.ts';
import type { CheckContext, ElementKind } from '../scorers/elements/kind.ts';
import type { Finding } from './check-findings.ts';

const kinds = elementKinds as unknown as Record<string, ElementKind<unknown>>;
/** A sentence makes another's point when it has most of its words. */
const SAME_POINT = 0.8;
const LABEL = 50;

/** Gives the function that looks at one case after the other; it remembers prompts, to find those that come again. */
export function caseChecker(context: CheckContext): (one: Case) => Finding[] {
  const seen = new Map<string, string>();
  return (one) => [...echoes(one, context), ...pairsOf(one, context), ...repeated(one, seen)];
}

/** Elements that the prompt itself would earn, read as an answer is read. `not` is left out: there an absence earns. */
function echoes(one: Case, context: CheckContext): Finding[] {
  const prompt = one.messages.map(({ content }) => content).join('\n');
  const { checks } = checkAnswer({ state: 'ok', answer: prompt, why: null }, one, context);
  return one.elements
    .filter(({ kind }, i) => kind !== 'not' && (checks[i]?.value ?? 0) >= 0.5)
    .map((element) => ({ kind: 'echo', at: element.at, what: inCase(one, element.label) }));
}

function repeated(one: Case, seen: Map<string, string>): Finding[] {
  const text = promptText(one.messages).replace(/\s+/g, ' ').trim();
  const key = createHash('sha256')
    .update(`${JSON.stringify(one.params)}\n${text}`)
    .digest('base64');
  const first = seen.get(key);
  if (first === undefined) seen.set(key, one.name);
  return first === undefined ? [] : [{ kind: 'same_case', at: one.at, what: `case "${one.name}" asks what "${first}" asks` }];
}

function pairsOf(one: Case, context: CheckContext): Finding[] {
  return one.elements.flatMap((b, i) => one.elements.slice(0, i).flatMap((a) => relation(one, a, b, context) ?? []));
}

/** How the later element `b` stands to an earlier one, or null when they have nothing to do with each other. */
function relation(one: Case, a: Element, b: Element, context: CheckContext): Finding | null {
  const found = (kind: Finding['kind'], what: string): Finding => ({ kind, at: b.at, what: inCase(one, what) });
  if (a.kind === b.kind && a.label === b.label) return found('same', `${clip(b)} stands there twice`);
  if (a.kind === 'not' || b.kind === 'not') {
    const [forbidden, wanted] = a.kind === 'not' ? [a, b] : [b, a];
    if (wanted.kind === 'not') return null;
    const texts = textsOf(wanted);
    const isShut = texts.length > 0 && texts.every((text) => !meets(forbidden, text, context));
    return isShut ? found('contradiction', `${clip(wanted)} against ${clip(forbidden)}`) : null;
  }
  const forwards = textsOf(a).filter((text) => meets(b, text, context));
  const backwards = textsOf(b).filter((text) => meets(a, text, context));
  const [aIsB, bIsA] = [forwards.length > 0 && forwards.length === textsOf(a).length, isAll(backwards, b)];
  if (aIsB && bIsA) return found('same', `${clip(b)} and ${clip(a)}`);
  if (a.kind === 'equals' && b.kind === 'equals') return found('contradiction', `no answer ${clip(a)} and ${clip(b)}`);
  if (aIsB) return found('implied', `${clip(b)} by ${clip(a)}`);
  if (bIsA) return found('implied', `${clip(a)} by ${clip(b)}`);
  const shared = [...new Set([...forwards, ...backwards])];
  return shared.length === 0 ? null : found('overlap', `"${shared.join('", "')}" in ${clip(a)} and ${clip(b)}`);
}

const isAll = (found: readonly string[], of: Element): boolean => found.length > 0 && found.length === textsOf(of).length;

function meets({ kind, options }: Element, text: string, context: CheckContext): boolean {
  return (kinds[kind]?.check(options, text, context).value ?? 0) >= (kind === 'insight' ? SAME_POINT : 0.5);
}

/** Texts that meet an element, each by itself; none for a pattern, of which there is no end. */
function textsOf({ kind, options }: Element): readonly string[] {
  const own = options as { any_of?: string[]; equals?: string; insight?: string };
  if (kind === 'text') return own.any_of ?? [];
  if (kind === 'equals') return [own.equals ?? ''];
  return kind === 'insight' ? [own.insight ?? ''] : [];
}

/** A label of many words, cut where the reader knows which element is meant. */
const clip = ({ label }: Element): string => oneLine(label, LABEL);

export const inCase = (one: Pick<Case, 'name'>, what: string): string => `case "${one.name}": ${what}`;
