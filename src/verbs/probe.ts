/** `onpar probe`: are the models there? Once, or every so often, for the record; `--summary` reads the record. */
import { join, resolve } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import type { Prober } from '../models/probe.ts';
import type { Model, Probe } from '../record.ts';
import { listenForInterrupt, numberFlag, sleep } from './ask-flags.ts';
import { socketFlags, withSocketFlags } from './socket-flags.ts';
import { type Console, type FlagValues, suiteFlags, textFlag, type Verb } from './verb.ts';

const DOWN = 1;
const TIMEOUT_S = 30;

export const probe: Verb = {
  summary: 'are the models there? once or every N seconds; their uptime',
  usage: '[MODEL…] [--every SECONDS] [--for DURATION] [FLAGS]',
  flags: {
    every: { type: 'string', value: 'SECONDS', help: 'probe again and again, until --for is over or Ctrl-C' },
    for: { type: 'string', value: 'DURATION', help: 'with --every: how long, such as 90s, 30m, 8h or 7d' },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      help: `how long an answer may take (default: ${TIMEOUT_S}, or --every where that is less)`,
    },
    shallow: { type: 'boolean', help: 'ask for the list of models only, not for a token' },
    summary: { type: 'boolean', help: 'probe nobody: uptime, gaps and outages from what was recorded' },
    out: { type: 'string', value: 'DIR', help: 'folder of probes.jsonl (default: reports)' },
    models: suiteFlags['models']!,
    ...socketFlags,
  },
  run: runProbe,
};

async function runProbe(values: FlagValues, names: string[], outside: Console): Promise<number> {
  const console = withSocketFlags(values, outside);
  const file = join(resolve(console.cwd, textFlag(values, 'out') ?? 'reports'), 'probes.jsonl');
  if (values['summary'] === true) return summarise(file, names, console);
  const series = seriesOf(values);
  const probers = await openAll(values, names, series.timeoutMs, console);
  const signals = listenForInterrupt(console.err);
  try {
    return await keepProbing(probers, series, file, { stop: signals.stop, force: signals.force }, console);
  } finally {
    signals.release();
  }
}

interface Series {
  /** null: once */
  everySeconds: number | null;
  /** null: until it is stopped */
  forSeconds: number | null;
  timeoutMs: number;
}

function seriesOf(values: FlagValues): Series {
  const everySeconds = numberFlag(values, 'every', false);
  const forSeconds = durationFlag(values, 'for');
  if (forSeconds !== null && everySeconds === null)
    throw new InputError({
      code: 'cli/bad-flag',
      what: '--for needs --every',
      fix: 'write --every 60, or leave --for out for a single probe',
    });
  const timeout = numberFlag(values, 'timeout', false);
  if (timeout !== null && everySeconds !== null && timeout > everySeconds)
    throw new InputError({
      code: 'cli/bad-flag',
      what: `--timeout ${timeout} is longer than --every ${everySeconds}: a probe would be late for the next`,
      fix: `write --timeout ${everySeconds} or less`,
    });
  return { everySeconds, forSeconds, timeoutMs: 1000 * (timeout ?? Math.min(TIMEOUT_S, everySeconds ?? TIMEOUT_S)) };
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds; null when the flag is absent. */
function durationFlag(values: FlagValues, name: string): number | null {
  const text = textFlag(values, name);
  if (text === null) return null;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit || 's'] ?? 0);
  if (seconds > 0) return seconds;
  throw new InputError({ code: 'cli/bad-duration', what: `--${name} ${text}: this is no duration`, fix: 'write it as 90s, 30m, 8h or 7d' });
}

interface Opened extends Prober {
  model: string;
}

/** The named models, else every served one that is asked live. A missing key is bad input, before anybody is asked. */
async function openAll(values: FlagValues, names: string[], timeoutMs: number, { cwd, env, now }: Console): Promise<Opened[]> {
  const [{ readModels }, { providers }, { openProber }] = await Promise.all([
    import('../suite/models.ts'),
    import('../models/index.ts'),
    import('../models/probe.ts'),
  ]);
  const file = await readModels(cwd, textFlag(values, 'models') ?? 'suites/models.yaml', providers);
  if (file.problems.length > 0) throw new InputError(file.problems);
  const { models, problems } = file.resolve(new Set(names), env);
  const unknown = names.find((name) => !file.names.includes(name));
  if (unknown !== undefined)
    throw new InputError({
      code: 'cli/unknown-model',
      what: `${unknown}: there is no such model in ${file.source.file}`,
      fix: suggestName(unknown, file.names),
    });
  if (problems.length > 0) throw new InputError(problems);
  const servedBy = ({ provider }: Model) => {
    const found = providers[provider as keyof typeof providers];
    return 'served' in found ? found : null;
  };
  const chosen =
    names.length > 0 ? names.map((name) => models.get(name)!) : [...models.values()].filter((m) => servedBy(m) && m.answers !== 'recorded');
  const still = chosen.find((model) => servedBy(model) === null);
  if (still || chosen.length === 0)
    throw new InputError({
      code: 'probe/nobody',
      what: still ? `${still.name}: nothing is served by "${still.provider}"` : `${file.source.file} has no model that is asked live`,
      fix: 'name a model that a server answers for',
    });
  const isShallow = values['shallow'] === true;
  const tools = { cwd, env, now, contacted: () => undefined };
  return Promise.all(
    chosen.map(async (model) => ({ model: model.name, ...(await openProber(servedBy(model)!, model, tools, { isShallow, timeoutMs })) })),
  );
}

/** All models at a time, at start, start + every, …; a line for each as it comes. */
async function keepProbing(
  probers: readonly Opened[],
  { everySeconds, forSeconds }: Series,
  file: string,
  { stop, force }: { stop: AbortSignal; force: AbortSignal },
  console: Console,
): Promise<number> {
  const [{ appendProbe }, { probeLine }] = await Promise.all([import('../run/probes.ts'), import('./probe-text.ts')]);
  const startedAt = performance.now();
  const [end, every] = [1000 * (forSeconds ?? Infinity), 1000 * (everySeconds ?? Infinity)];
  let isDown = false;
  const one = async ({ model, host, probe: ask }: Opened) => {
    const at = console.now().toISOString();
    const { ok, ms, why } = await ask(force);
    // cut by Ctrl-C: that tells nothing of the model
    if (force.aborted && !ok) return;
    const line: Probe = { at, model, host, ok, ms, why, every_seconds: everySeconds };
    appendProbe(file, line);
    console.out(`${probeLine(line, console)}\n`);
    isDown ||= !ok;
  };
  for (let due = 0; due < end && !stop.aborted;) {
    await Promise.all(probers.map(one));
    if (everySeconds === null) break;
    // the next round on the grid: one that came late is left out, and not made up for
    due = Math.max(due + every, every * Math.ceil((performance.now() - startedAt) / every));
    if (due < end) await sleep(due - (performance.now() - startedAt), stop);
  }
  return isDown ? DOWN : 0;
}

async function summarise(file: string, names: string[], console: Console): Promise<number> {
  const [{ readProbes }, { uptimeOf }, { summaryText }] = await Promise.all([
    import('../run/probes.ts'),
    import('../verdict/uptime.ts'),
    import('./probe-text.ts'),
  ]);
  const { probes, unreadable } = readProbes(file) ?? { probes: [], unreadable: 0 };
  const all = uptimeOf(probes);
  const unknown = names.find((name) => !all.some(({ model }) => model === name));
  if (all.length === 0 || unknown !== undefined)
    throw new InputError({
      code: 'probe/none',
      what: unknown !== undefined && all.length > 0 ? `${unknown}: it was never probed` : `${file}: nothing was probed yet`,
      fix:
        all.length > 0 && unknown !== undefined
          ? suggestName(
              unknown,
              all.map(({ model }) => model),
            )
          : 'run "onpar probe --every 60" for a while',
    });
  if (unreadable > 0) console.err(`warning: ${file}: ${unreadable} of its lines are no probes, and are left out\n`);
  const shown = all.filter(({ model }) => names.length === 0 || names.includes(model));
  console.out(summaryText(shown, console));
  return shown.every(({ up, probes: count }) => up === count) ? 0 : DOWN;
}
