const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** The link of the next or previous case: among the rows of the list, or the steps of an open case. */
function linkBeside(by: 1 | -1): HTMLElement | null {
  const open = document.querySelector<HTMLElement>('#case:not([hidden])');
  if (open !== null) {
    open.querySelector<HTMLElement>(by === 1 ? '.step:last-child[href]' : '.step:first-of-type[href]')?.click();
    return null;
  }
  const links = [...document.querySelectorAll<HTMLElement>('#rows a')];
  const here = links.findIndex((link) => link === document.activeElement);
  return links[here < 0 ? 0 : here + by] ?? null;
}

/** j and k go from case to case, / searches, Escape goes back to the list. */
export function listenToKeys(back: () => void): void {
  const actions: Record<string, () => void> = {
    j: () => linkBeside(1)?.focus(),
    k: () => linkBeside(-1)?.focus(),
    '/': () => document.querySelector<HTMLElement>('#list:not([hidden]) input[name=q]')?.focus(),
    Escape: () => document.querySelector('#case:not([hidden])') !== null && back(),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
