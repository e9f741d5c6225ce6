import type { RunView } from '../record.ts';

/** The run record without its cases, as in `run.json`. */
export const json = {
  file: 'run.json',
  extensions: ['.json'],
  render: ({ record }: RunView): string => `${JSON.stringify(record, null, 2)}\n`,
};
