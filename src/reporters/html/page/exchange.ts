/** The request and the response of an answer as they were recorded. */
import type { Answer, Message } from '../../../record.ts';
import { h } from './dom.ts';
import { markedText } from './marked-text.ts';

/** A fold whose content is made when it is first opened. */
export function foldedLazily(title: string, content: () => Node): HTMLElement {
  const fold = h('details', {}, h('summary', {}, title));
  fold.addEventListener('toggle', () => {
    if (fold.open && fold.children.length === 1) fold.append(content());
  });
  return fold;
}

export function exchange(messages: readonly Message[], { call, ...answer }: Answer): HTMLElement {
  const raw = () => JSON.stringify({ request: { messages, call }, response: answer }, null, 2);
  return foldedLazily('Request and response as recorded', () => {
    const box = markedText(raw(), []);
    box.classList.add('raw');
    for (const [name, value] of Object.entries({ tabindex: '0', role: 'group', 'aria-label': 'Request and response' }))
      box.setAttribute(name, value);
    return box;
  });
}
