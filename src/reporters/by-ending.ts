/** Which form of a report is written, by the ending of its file. */
import { InputError, suggestName } from '../errors.ts';

/** The form of this ending, such as `.html`. `what` is what such a file is called. Throws `InputError` where there is none. */
export function byEnding<Form>(forms: Readonly<Record<string, Form>>, file: string, what: string): Form {
  const found = Object.entries(forms).find(([ending]) => file.toLowerCase().endsWith(ending));
  if (found) return found[1];
  throw new InputError({
    code: 'cli/unknown-output',
    what: `-o ${file} has an ending that no ${what} has`,
    fix: suggestName(file.slice(file.lastIndexOf('.')), Object.keys(forms)),
  });
}
