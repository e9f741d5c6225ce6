/** The form of the filters: what is chosen in it, and what the address says. */
import { byId } from './dom.ts';
import { FILTERS, NO_FILTERS, type Filters } from './state.ts';

export interface FilterForm {
  /** Puts the filters of the address into the fields, but not over what is being typed. */
  write: (filters: Filters) => void;
}

export function startFilters(onChange: (filters: Filters) => void): FilterForm {
  const form = byId('filters', HTMLFormElement);
  const fields = FILTERS.map((name) => form.elements.namedItem(name)).filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement,
  );
  const isBox = (field: Element): field is HTMLInputElement => field instanceof HTMLInputElement && field.type === 'checkbox';
  const read = () => {
    const filters = { ...NO_FILTERS };
    for (const field of fields) {
      const name = field.name as keyof Filters;
      filters[name] = isBox(field) && !field.checked ? '' : field.value;
    }
    return filters;
  };
  form.addEventListener('input', () => onChange(read()));
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => onChange(NO_FILTERS)));
  return {
    write: (filters) => {
      for (const field of fields) {
        const value = filters[field.name as keyof Filters];
        if (isBox(field)) field.checked = value !== '';
        else if (field instanceof HTMLSelectElement || field !== document.activeElement) field.value = value;
      }
    },
  };
}
