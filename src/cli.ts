/** Verbs and flags: reads the command line, calls a verb, turns bad input into sentences. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig, parseEnv } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { formatProblem, InputError, suggestName } from './errors.ts';
import { withoutCommands } from './reporters/annotations.ts';
import { verbs } from './verbs/index.ts';
import type { Console, Flag, Verb } from './verbs/verb.ts';

const HELP: Flag = { type: 'boolean', short: 'h', help: 'show this help' };

/** Runs one command; resolves to the exit code. Only bugs reject. */
export async function main(argv: string[], overrides: Partial<Console> = {}): Promise<number> {
  const console = { ...systemConsole(argv), ...overrides };
  try {
    return await dispatch(argv, console);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const problem of error.problems) console.err(`${formatProblem(problem)}\n`);
    return 2;
  }
}

async function dispatch(argv: string[], console: Console): Promise<number> {
  const [name = '--help', ...rest] = argv;
  if (['--version', '-v', 'version'].includes(name)) {
    console.out(`${console.version}\n`);
    return 0;
  }
  if (['--help', '-h', 'help'].includes(name)) {
    console.out(help());
    return argv.length === 0 ? 2 : 0;
  }
  const verb = verbs[name];
  if (!verb)
    throw new InputError({ code: 'cli/unknown-verb', what: `there is no verb "${name}"`, fix: suggestName(name, Object.keys(verbs)) });
  const { values, positionals } = parse(name, verb, rest);
  if (values['help'] === true) {
    console.out(await verbHelp(name, verb));
    return 0;
  }
  const [word] = positionals;
  if (word !== undefined && verb.flagsForWord)
    throw new InputError({
      code: 'cli/extra-word',
      what: `"onpar ${name}" takes no word "${word}"`,
      fix: `write ${verb.flagsForWord.map((flag) => `--${flag} ${word}`).join(' or ')}`,
    });
  return verb.run(values, positionals, console);
}

function parse(name: string, verb: Verb, args: string[]) {
  const flags = { ...verb.flags, help: HELP };
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(flags).map(([key, { type, short, multiple }]) => [
      key,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name in flags) continue;
    const names = Object.keys(flags).map((key) => `--${key}`);
    throw new InputError({
      code: 'cli/unknown-flag',
      what: `"onpar ${name}" has no flag ${token.rawName}`,
      fix: suggestName(`--${token.name}`, names),
    });
  }
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (cause) {
    throw new InputError(
      { code: 'cli/bad-flag', what: (cause as Error).message.split('. ')[0] ?? 'bad flag', fix: `see "onpar ${name} --help"` },
      { cause },
    );
  }
}

/** Keys may stand in `.env`; what is set already wins. */
function withEnvFile(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = join(process.cwd(), '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...env } : env;
}

function systemConsole(argv: string[]): Console {
  const { stdout, stderr } = process;
  const env = withEnvFile(process.env);
  const safe = env['GITHUB_ACTIONS'] === 'true' ? withoutCommands : (text: string) => text;
  return {
    cwd: process.cwd(),
    env,
    version: packageJson.version,
    argv,
    out: (text) => void stdout.write(safe(text)),
    err: (text) => void stderr.write(safe(text)),
    command: (line) => void stdout.write(`${line}\n`),
    width: Math.max(40, stdout.columns ?? 80),
    hasColour: stdout.isTTY && !env['NO_COLOR'] && !env['CI'],
    isLive: stderr.isTTY && !env['CI'],
    now: () => new Date(),
  };
}

function help(): string {
  const rows = Object.entries(verbs).map(([name, { summary }]) => `  ${name.padEnd(11)}${summary}`);
  return `onpar: can we move from OpenAI to our own models without our users noticing?

usage: onpar VERB [FLAGS]

${rows.join('\n')}

"onpar VERB --help" lists a verb's flags.
exit codes: 0 every suite PASS · 1 NEEDS_WORK by its answers · 2 nothing was judged
            3 could not be judged (inconclusive, incomplete) · 130 interrupted
`;
}

async function verbHelp(name: string, { summary, usage, flags }: Verb): Promise<string> {
  const { wrap } = await import('./reporters/terminal.ts');
  const rows = Object.entries({ ...flags, help: HELP }).map(([key, { short, value, help: text }]) => {
    const left = `  ${short ? `-${short}, ` : '    '}--${key}${value ? ` ${value}` : ''}`;
    const [first = '', ...more] = wrap(text, 80 - 28);
    const begin = left.length > 27 ? `${left}\n${' '.repeat(28)}${first}` : `${left.padEnd(28)}${first}`;
    return [begin, ...more.map((line) => `${' '.repeat(28)}${line}`)].join('\n');
  });
  return `${summary}\n\nusage: onpar ${name}${usage && ` ${usage}`}\n\n${rows.join('\n')}\n`;
}
