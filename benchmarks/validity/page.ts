/** Measured values → the words and tables of docs/validity.md. */
import type { Chart } from './charts.ts';

/** One promise of the score, and whether it was kept in this run. */
export interface Goal {
  goal: string;
  measured: string;
  /** `unsure`: met by the figure, but its interval reaches past the limit; null: not measured in this run, and `measured` says why */
  isMet: boolean | 'unsure' | null;
}

export interface Section {
  title: string;
  /** Markdown */
  text: string;
  charts: Chart[];
  goals: Goal[];
}

/** A section that could not be measured still stands in the document. */
export function notMeasured(title: string, why: string, goals: readonly string[]): Section {
  const text = `**Not measured in this run:** ${why}.`;
  return { title, text, charts: [], goals: goals.map((goal) => ({ goal, measured: `not measured: ${why}`, isMet: null })) };
}

/** A Markdown table; the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(head),
    `|---|${head
      .slice(1)
      .map(() => '---:|')
      .join('')}`,
    ...rows.map(line),
  ].join('\n');
}

export const picture = ({ name, alt }: Chart): string => `![${alt}](pictures/validity/${name}.svg)`;

/** 0.0312 → `3.1 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** 0.0123 → `+1.23`, in points of a hundred */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(2);
  if (Number(text) === 0) return '0.00';
  return difference > 0 ? `+${text}` : text.replace('-', '−');
}

/** A parity, similarity or coverage; `none` where there is no value. */
export const figure = (value: number | null, digits = 3): string =>
  value === null || Number.isNaN(value) ? 'none' : value.toFixed(digits).replace('-', '−');

export function goalTable(goals: readonly Goal[]): string {
  const word = (isMet: Goal['isMet']) =>
    isMet === null ? 'not measured' : isMet === 'unsure' ? '**cannot tell**' : isMet ? 'yes' : '**no**';
  return table(
    ['goal', 'measured', 'met'],
    goals.map(({ goal, measured, isMet }) => [goal, measured, word(isMet)]),
  ).replace('|---|---:|---:|', '|---|---|---|');
}
