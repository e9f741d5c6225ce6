/** `onpar litellm check`: a LiteLLM proxy configuration, judged without starting anything; `--fix` mends it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { type Console, type FlagValues, textFlag, type Verb } from './verb.ts';

export const litellm: Verb = {
  summary: 'check the configuration of a LiteLLM proxy, and mend it',
  usage: `check FILE [FLAGS]

exit codes: 0 nothing wrong, or notes only
            1 errors or warnings; with --fix, those that are left
            2 cannot be read, or is no LiteLLM configuration`,
  flags: {
    fix: { type: 'boolean', help: 'mend what has one meaning only, comments and order kept; writes FILE itself, or -o' },
    output: { type: 'string', short: 'o', value: 'FILE', help: '--fix: write here instead' },
    json: { type: 'boolean', help: 'findings as JSON' },
  },
  run: runLitellm,
};

async function runLitellm(values: FlagValues, [word, path, extra]: string[], console: Console): Promise<number> {
  if (word !== 'check') throw usage(word === undefined ? 'onpar litellm: to do what?' : `"onpar litellm" knows no word "${word}"`);
  if (path === undefined || extra !== undefined) throw usage('name one configuration file');
  const output = textFlag(values, 'output');
  if (output !== null && values['fix'] !== true) throw usage('-o says where --fix is to write');
  const text = readFile(resolve(console.cwd, path), path);
  const [{ checkConfig, mendConfig }, { checkJson, checkText }] = await Promise.all([
    import('../litellm/check-config.ts'),
    import('./litellm-text.ts'),
  ]);
  const mended = values['fix'] === true ? mendConfig(text, output ?? path) : null;
  if (mended && (output !== null || mended.done.length > 0)) writeFile(resolve(console.cwd, output ?? path), output ?? path, mended.text);
  const findings = mended ? mended.left : checkConfig(text, path);
  const told = { file: output ?? path, findings, done: mended ? mended.done : null };
  console.out(values['json'] === true ? checkJson(told) : checkText(told, console.width));
  return findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
}

function usage(what: string): InputError {
  return new InputError({ code: 'cli/usage', what, fix: 'onpar litellm check FILE [--fix [-o FILE]] [--json]' });
}

export function readFile(absolute: string, name: string): string {
  try {
    return readFileSync(absolute, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new InputError(
      {
        code: 'litellm/unreadable',
        what: `cannot read ${name} (${(cause as Error).message})`,
        fix: 'name the file that is given to litellm --config',
      },
      { cause },
    );
  }
}

function writeFile(absolute: string, name: string, text: string): void {
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  } catch (cause) {
    throw new InputError(
      { code: 'litellm/unwritable', what: `cannot write ${name} (${(cause as Error).message})`, fix: 'check the path' },
      { cause },
    );
  }
}
