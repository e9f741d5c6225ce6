import type { RunView } from '../record.ts';

/** One line a case and candidate, as in `results.jsonl`. */
export const jsonl = {
  file: 'results.jsonl',
  extensions: ['.jsonl'],
  *render({ results }: RunView): Generator<string> {
    for (const result of results) yield `${JSON.stringify(result)}\n`;
  },
};
