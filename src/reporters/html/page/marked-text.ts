import { h } from './dom.ts';

/** A stretch of an answer to be told from the rest: an element was found in it, or the other answer has it not. */
export interface Mark {
  span: [number, number];
  label: string;
  /** `bad`: found though it must not be there; `own`: only in this answer */
  kind: 'found' | 'bad' | 'own';
}

/** of a text shown at once; the rest comes on demand */
const SHOWN = 50_000;

// eslint-disable-next-line no-control-regex -- characters that would act unseen are shown by their number
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text nodes; a control or bidi character is shown as `U+202E` and does nothing. */
export function visible(text: string): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const { index, 0: character } of text.matchAll(UNSEEN)) {
    nodes.push(document.createTextNode(text.slice(from, index)));
    nodes.push(h('span', { class: 'unseen' }, `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`));
    from = index + 1;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

/** A text cut where marks begin or end, so that overlapping ones share a piece. */
export function pieces(text: string, marks: readonly Mark[]): { text: string; marks: Mark[] }[] {
  const edges = new Set([0, text.length]);
  for (const { span } of marks) for (const edge of span) if (edge > 0 && edge < text.length) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  const inOrder = [...marks].sort((a, b) => a.span[0] - b.span[0]);
  let open: Mark[] = [];
  let next = 0;
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index] ?? 0;
    const begun = next;
    while ((inOrder[next]?.span[0] ?? Infinity) <= start) next++;
    open = [...open, ...inOrder.slice(begun, next)].filter(({ span }) => span[1] >= end);
    return { text: text.slice(start, end), marks: open };
  });
}

/** The element around a marked stretch. */
export function markOf(marks: readonly Mark[], ...children: Node[]): HTMLElement {
  const title = [...new Set(marks.map(({ label }) => label))].join(', ');
  const kind = (['bad', 'found', 'own'] as const).find((one) => marks.some((mark) => mark.kind === one)) ?? 'found';
  return h('mark', { class: kind, ...(title === '' ? {} : { title }) }, ...children);
}

/** The text with its marks, as plain text whatever it holds. */
export function markedText(text: string, marks: readonly Mark[], shown = SHOWN): HTMLElement {
  const box = h('div', { class: 'text', dir: 'auto' });
  for (const piece of pieces(text.slice(0, shown), marks)) {
    const nodes = visible(piece.text);
    box.append(...(piece.marks.length === 0 ? nodes : [markOf(piece.marks, ...nodes)]));
  }
  if (text.length > shown) {
    const more = h('button', { type: 'button', class: 'quiet' }, `Show all ${text.length.toLocaleString('en')} characters`);
    more.addEventListener('click', () => box.replaceWith(markedText(text, marks, Infinity)));
    box.append(h('p', {}, more));
  }
  return box;
}
