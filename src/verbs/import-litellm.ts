/** `onpar import litellm`: entries for models.yaml from the configuration of a LiteLLM proxy. */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { ModelEntries } from '../litellm/model-entries.ts';
import { readFile } from './litellm.ts';
import { readyOutput } from './outputs.ts';
import { type Console, type FlagValues, textFlag } from './verb.ts';

const DEFAULT_URL = 'http://localhost:4000/v1';

export async function importLitellm(values: FlagValues, [path, extra]: string[], console: Console): Promise<number> {
  const usage = 'onpar import litellm FILE [--base-url URL] [-o FILE]';
  if (path === undefined || extra !== undefined)
    throw new InputError({ code: 'cli/usage', what: 'name one configuration file', fix: usage });
  const url = textFlag(values, 'base-url') ?? DEFAULT_URL;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new InputError({ code: 'cli/usage', what: `--base-url ${url} is no address`, fix: `write it whole, such as ${DEFAULT_URL}` });
  const { modelEntries } = await import('../litellm/model-entries.ts');
  const found = modelEntries(readFile(resolve(console.cwd, path), path), path);
  if (found.entries.length === 0)
    throw new InputError({
      code: 'litellm/no-models',
      what: `${path} names no model that can be asked`,
      fix: 'name the file that is given to litellm --config',
    });
  const output = textFlag(values, 'output');
  if (output === null) console.out(entriesText(found, url, path));
  else write(readyOutput(output, console.cwd), output, entriesText(found, url, path));
  if (output !== null) console.out(`${found.entries.length} models → ${output}\n`);
  return 0;
}

function write(absolute: string, name: string, text: string): void {
  if (existsSync(absolute))
    throw new InputError({
      code: 'litellm/file-exists',
      what: `${name} is there already`,
      fix: 'print the entries without -o, and put those you need into it',
    });
  writeFileSync(absolute, text);
}

function entriesText({ entries, skipped }: ModelEntries, url: string, path: string): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 1;
  const lines = entries.map(({ name, model, backend }) => {
    const fields = [`provider: litellm`, `base_url: "${url}"`, `model: ${quoted(model)}`, 'api_key: "${LITELLM_KEY}"'];
    return `  ${`${name}:`.padEnd(width)} { ${[...fields, ...(backend === null ? [] : [`backend: ${quoted(backend)}`])].join(', ')} }`;
  });
  const left = skipped.map(({ name, why }) => `  # left out: ${name} (${why})`);
  return [`# from ${path}; set LITELLM_KEY to a key of the proxy`, 'models:', ...lines, ...left, ''].join('\n');
}

function quoted(text: string): string {
  return /^[A-Za-z][\w./@-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text);
}
