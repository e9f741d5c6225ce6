/** `onpar suggest`: expected elements that several recorded answers of the baseline have in common, as a YAML fragment to be read by a person. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { Suite } from '../record.ts';
import { plural } from '../reporters/text.ts';
import { filterCases, loadForVerb } from './load.ts';
import { type Console, type FlagValues, listFlag, suiteFlags, textFlag, type Verb } from './verb.ts';

/** With fewer, what one answer happens to say looks like what an answer must say. */
const FEWEST_SAMPLES = 3;
/** Recorded samples looked for, however many the suite uses. */
const MOST_SAMPLES = 10;

export const suggest: Verb = {
  summary: 'propose expected elements from recorded samples',
  usage: '--suite NAME [FLAGS]',
  flags: {
    ...suiteFlags,
    suite: { type: 'string', short: 's', multiple: true, value: 'NAME', help: 'suite to take, by name or path: one' },
    t: { type: 'string', short: 't', value: 'TEXT', help: 'only the case of this name, or those with it in their name' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'write the fragment to a new .yaml file instead of stdout' },
  },
  flagsForWord: ['suite'],
  run: runSuggest,
};

async function runSuggest(values: FlagValues, _: string[], console: Console): Promise<number> {
  const names = listFlag(values, 'suite');
  if (names.length !== 1)
    throw new InputError({ code: 'cli/one-suite', what: 'suggestions are made for one suite', fix: 'write: onpar suggest --suite NAME' });
  const file = outputFile(textFlag(values, 'output'), console);
  const loaded = await loadForVerb(values, console);
  const [whole] = loaded.suites as [Suite];
  const [{ offlineAnswers }, { suggestForCases }, { fragment }] = await Promise.all([
    import('./offline-answers.ts'),
    import('./suggest-cases.ts'),
    import('./suggest-text.ts'),
  ]);
  const wanted = new Set(Array.from(filterCases([whole], textFlag(values, 't'))[0]?.cases ?? [], ({ name }) => name));
  const [answers] = await offlineAnswers([{ ...whole, baseline_samples: MOST_SAMPLES }], loaded, console);
  const found = suggestForCases(answers ?? [], { suite: whole, isWanted: (name) => wanted.has(name), fewest: FEWEST_SAMPLES });
  const most = Math.max(0, ...found.map(({ samples }) => samples));
  if (most < FEWEST_SAMPLES) throw tooFew(whole, most);
  const text = fragment(whole, found, FEWEST_SAMPLES);
  if (file === null) console.out(text);
  else {
    writeFileSync(file, text, { flag: 'wx' });
    console.out(
      `${relative(console.cwd, file)}: ${plural(found.filter((one) => one.elements.length > 0).length, 'case')} with suggestions\n`,
    );
  }
  return 0;
}

function tooFew({ name, baseline, self_parity }: Suite, most: number): InputError {
  const whose = self_parity === null ? `"${baseline}"` : `"${baseline}" and its sibling`;
  const has = most === 0 ? 'no usable recorded sample' : `${plural(most, 'usable recorded sample')} a case at most`;
  return new InputError({
    code: 'suggest/too-few-samples',
    what:
      `${whose} has ${has} in suite "${name}", and ${FEWEST_SAMPLES} are needed: elements taken from the very answer ` +
      'that is then the reference raise its coverage by 15 points against another run of the same model',
    fix: `record more: onpar record --suite ${name} --samples ${FEWEST_SAMPLES}; or write the elements from the prompt (docs/writing-elements.md)`,
  });
}

/** A suggestion is no suite: it never goes where suites are read from, nor over a file that is there. */
function outputFile(written: string | null, console: Console): string | null {
  if (written === null) return null;
  const file = resolve(console.cwd, written);
  const bad = (code: string, what: string, fix: string) => new InputError({ code, what: `-o ${written}: ${what}`, fix });
  if (!/\.ya?ml$/i.test(file)) throw bad('suggest/not-yaml', 'the fragment is YAML', 'give the file the ending .yaml');
  if (existsSync(file)) throw bad('suggest/exists', 'this file exists, and suggestions never go over one', 'name a new file');
  if (basename(dirname(file)) === 'suites')
    throw bad(
      'suggest/among-suites',
      'every file there is read as a suite, and this is none',
      'write it elsewhere, and copy what you keep',
    );
  if (!existsSync(dirname(file))) throw bad('suggest/no-folder', 'there is no such folder', 'make it first');
  return file;
}
