import { byId } from './dom.ts';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** What the keys do that depends on the page around them. */
export interface Moves {
  /** to the next (1) or previous (-1) row of the list */
  row: (by: 1 | -1) => void;
  back: () => void;
  review: () => void;
}

export function startHelp(): void {
  const dialog = byId('help', HTMLDialogElement);
  const button = byId('help-button', HTMLButtonElement);
  button.hidden = false;
  button.addEventListener('click', () => dialog.showModal());
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
}

/** j and k go from case to case, / searches, Escape goes back to the list, ? tells of all. */
export function listenToKeys({ row, back, review }: Moves): void {
  const dialog = byId('help', HTMLDialogElement);
  const open = () => document.querySelector<HTMLElement>('#case:not([hidden])');
  const click = (selector: string) => open()?.querySelector<HTMLElement>(selector)?.click();
  const actions: Record<string, () => void> = {
    j: () => (open() === null ? row(1) : click('.step.next')),
    k: () => (open() === null ? row(-1) : click('.step.previous')),
    t: () => click('[data-view=text]'),
    m: () => click('[data-view=markdown]'),
    d: () => click('[data-view=diff]'),
    r: () => (open() === null ? review() : open()?.querySelector<HTMLElement>('#review-title')?.focus()),
    '/': () => (open() === null ? undefined : back(), document.querySelector<HTMLElement>('#list:not([hidden]) input[name=q]')?.focus()),
    '?': () => dialog.showModal(),
    Escape: () => document.querySelector('#list[hidden]') !== null && back(),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
