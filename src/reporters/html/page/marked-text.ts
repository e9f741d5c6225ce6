import { h } from './dom.ts';

/** A stretch of an answer that an element was found in. */
export interface Mark {
  span: [number, number];
  label: string;
  /** found though it must not be there */
  isBad: boolean;
}

/** of a text shown at once; the rest comes on demand */
const SHOWN = 50_000;

// eslint-disable-next-line no-control-regex -- characters that would act unseen are shown by their number
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text nodes; a control or bidi character is shown as `U+202E` and does nothing. */
function visible(text: string): Node[] {
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

/** Where marks begin or end, so that overlapping ones share a piece. */
function pieces(length: number, marks: readonly Mark[]): [number, number][] {
  const edges = new Set([0, length]);
  for (const { span } of marks) for (const edge of span) if (edge > 0 && edge < length) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => [sorted[index] ?? 0, end]);
}

/** The text with its marks, as plain text whatever it holds. */
export function markedText(text: string, marks: readonly Mark[], shown = SHOWN): HTMLElement {
  const box = h('div', { class: 'text', dir: 'auto' });
  const head = text.slice(0, shown);
  for (const [start, end] of pieces(head.length, marks)) {
    const here = marks.filter(({ span }) => span[0] <= start && span[1] >= end);
    const nodes = visible(head.slice(start, end));
    if (here.length === 0) box.append(...nodes);
    else
      box.append(
        h('mark', { class: here.some(({ isBad }) => isBad) ? 'bad' : 'found', title: here.map(({ label }) => label).join(', ') }, ...nodes),
      );
  }
  if (text.length > shown) {
    const more = h('button', { type: 'button', class: 'quiet' }, `Show all ${text.length.toLocaleString('en')} characters`);
    more.addEventListener('click', () => box.replaceWith(markedText(text, marks, Infinity)));
    box.append(h('p', {}, more));
  }
  return box;
}
