/** Fields of the review's forms. */
import { h } from './dom.ts';

export function field(name: string, label: string, value: string, kind: 'input' | 'textarea' = 'input'): HTMLElement {
  const input = kind === 'input' ? h('input', { name, value, autocomplete: 'off' }) : h('textarea', { name, rows: '2' }, value);
  return h('label', { class: `field ${name}` }, h('span', {}, label), input);
}

/** One of several; values to labels. */
export function choice(name: string, legend: string, options: Record<string, string>, chosen: string): HTMLElement {
  const radios = Object.entries(options).map(([value, label]) =>
    h('label', {}, h('input', { type: 'radio', name, value, ...(value === chosen ? { checked: '' } : {}) }), h('span', {}, label)),
  );
  return h('fieldset', { class: 'choice' }, h('legend', {}, legend), ...radios);
}

/** What is typed or chosen under a name, without blanks around it. */
export function formText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
