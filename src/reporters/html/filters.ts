/** What the list of cases can be filtered by: only what would choose between cases. */
import { oneLine, words } from '../text.ts';
import type { Index } from './page/types.ts';

/** of a list of choices */
const MOST_CHOICES = 300;

const choices = (values: Iterable<string>, label = (value: string) => oneLine(value, 80)) =>
  [...new Set(values)]
    .sort()
    .slice(0, MOST_CHOICES)
    .map((value) => ({ value, label: label(value) }));

export interface Filter {
  name: string;
  label: string;
  choices: { value: string; label: string }[];
}

export function filtersOf({ comparisons, words: table, columns }: Index): Filter[] {
  const used = (places: number[]) => [...new Set(places)].flatMap((place) => table[place] ?? []);
  const all: (Filter & { least: number })[] = [
    { name: 'suite', label: 'Suite', choices: choices(comparisons.map(({ suite }) => suite)), least: 2 },
    { name: 'candidate', label: 'Candidate', choices: choices(comparisons.map(({ candidate }) => candidate)), least: 2 },
    {
      name: 'capability',
      label: 'Capability',
      choices: choices(
        comparisons.map(({ capability }) => capability),
        words,
      ),
      least: 2,
    },
    { name: 'reason', label: 'Reason', choices: choices(used(columns.reason), words), least: 1 },
    { name: 'tag', label: 'Tag', choices: choices(used(columns.tags.flat())), least: 1 },
    { name: 'change', label: 'Since last run', choices: choices(used(columns.transition)), least: 1 },
  ];
  return all.filter((filter) => filter.choices.filter(({ value }) => value !== '').length >= filter.least);
}
