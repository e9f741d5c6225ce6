/** `onpar fit`: does a model fit on the machine, by quantisation, context and parallel requests? */
import { totalmem } from 'node:os';
import { extname, resolve } from 'node:path';
import { InputError, nearestName } from '../errors.ts';
import type { Use } from '../fit/memory.ts';
import type { Fit, Gpu, Machine } from '../fit/place.ts';
import type { Shape } from '../fit/shape.ts';
import { numberFlag } from './ask-flags.ts';
import { readyOutput } from './outputs.ts';
import { socketFlags, withSocketFlags } from './socket-flags.ts';
import { type Console, type Flag, type FlagValues, listFlag, textFlag, type Verb } from './verb.ts';

const NONE_FITS = 1;
const GIB = 2 ** 30;

/** Of a model that is given by its numbers. */
const numbers = {
  layers: { type: 'string', value: 'N', help: 'with --params: layers' },
  'kv-heads': { type: 'string', value: 'N', help: 'with --params: key-value heads of a layer' },
  'head-dim': { type: 'string', value: 'N', help: 'with --params: length of a head' },
  embedding: { type: 'string', value: 'N', help: 'with --params: length of the embedding (for the overhead)' },
  'feed-forward': { type: 'string', value: 'N', help: 'with --params: width of the feed-forward layers (for the overhead)' },
  vocab: { type: 'string', value: 'N', help: 'with --params: words of the vocabulary (for the overhead)' },
} as const satisfies Record<string, Flag>;

export const fit: Verb = {
  summary: 'does a model fit on the machine?',
  usage: '[FILE.gguf | MODEL…] [--gpu NAME:GB] [--ram GB] [FLAGS]',
  flags: {
    gpu: {
      type: 'string',
      multiple: true,
      value: 'NAME:GB',
      help: 'a GPU and its memory, such as "RTX 4090:24"; several share the layers',
    },
    ram: { type: 'string', value: 'GB', help: 'memory beside the GPUs (default without --gpu: that of this machine)' },
    reserve: { type: 'string', value: 'GB', help: 'left free on each GPU for its driver, a screen and others (default: 1)' },
    context: { type: 'string', value: 'TOKENS', help: 'tokens of one request, prompt and answer (default: 8192)' },
    slots: { type: 'string', value: 'N', help: 'requests at a time (default: 1)' },
    kv: { type: 'string', value: 'TYPE', help: 'type of the KV cache: f16, q8_0 or q4_0 (default: f16)' },
    quant: { type: 'string', multiple: true, value: 'NAME', help: 'only this quantisation, such as Q4_K_M (default: all that are known)' },
    lmstudio: { type: 'string', value: 'URL', help: 'the models that LM Studio has at http://localhost:1234' },
    params: { type: 'string', value: 'N', help: 'a model by its numbers, such as 72B; with --layers, --kv-heads and --head-dim' },
    ...numbers,
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'also write the result here: .json or .md' },
    ...socketFlags,
  },
  run: runFit,
};

export interface FitResult {
  model: string;
  /** without its tensors: there are hundreds */
  shape: Shape;
  use: Use;
  machine: Machine;
  fits: Fit[];
}

async function runFit(values: FlagValues, names: string[], outside: Console): Promise<number> {
  const console = withSocketFlags(values, outside);
  const outputs = listFlag(values, 'output');
  const odd = outputs.find((file) => !['.json', '.md'].includes(extname(file)));
  if (odd !== undefined)
    throw new InputError({ code: 'cli/bad-output', what: `-o ${odd}: fit writes .json and .md`, fix: 'write -o fit.md' });
  const files = outputs.map((file) => readyOutput(file, console.cwd));
  const [{ fitOf }, { fitText, fitMarkdown }, { writeAtomically }] = await Promise.all([
    import('../fit/place.ts'),
    import('./fit-text.ts'),
    import('../run/run-folder.ts'),
  ]);
  const [use, machine] = [await useOf(values), machineOf(values)];
  const results: FitResult[] = [];
  for (const shape of await shapesOf(values, names, console)) {
    const wanted = await quantizationsOf(values, shape);
    results.push({
      model: shape.name,
      shape: { ...shape, tensors: null },
      use,
      machine,
      fits: wanted.map((one) => fitOf(shape, one, use, machine)),
    });
  }
  for (const file of files) writeAtomically(file, file.endsWith('.md') ? fitMarkdown(results) : `${JSON.stringify(results, null, 2)}\n`);
  console.out(fitText(results, console));
  return results.every(({ fits }) => fits.some(({ outcome }) => outcome === 'fits')) ? 0 : NONE_FITS;
}

async function useOf(values: FlagValues): Promise<Use> {
  const { kvTypes } = await import('../fit/memory.ts');
  const kvType = textFlag(values, 'kv') ?? 'f16';
  if (!Object.hasOwn(kvTypes, kvType))
    throw new InputError({
      code: 'fit/bad-kv',
      what: `--kv ${kvType}: there is no such type`,
      fix: `use one of: ${Object.keys(kvTypes).join(', ')}`,
    });
  return { context: numberFlag(values, 'context', true) ?? 8192, slots: numberFlag(values, 'slots', true) ?? 1, kvType };
}

/** Memory of cards and machines is sold in powers of two: 24 is 24 · 2^30 bytes. */
function machineOf(values: FlagValues): Machine {
  const gpus = listFlag(values, 'gpu').map((text): Gpu => {
    const [, name = '', gb = ''] = /^(?:(.*):)?\s*(\d+(?:\.\d+)?)\s*(?:GB|GiB)?$/i.exec(text.trim()) ?? [];
    if (Number(gb) > 0) return { name: name.trim() || 'GPU', bytes: Number(gb) * GIB };
    throw new InputError({ code: 'fit/bad-gpu', what: `--gpu ${text}: how much memory has it?`, fix: 'write --gpu "RTX 4090:24"' });
  });
  const ram = numberFlag(values, 'ram', false);
  const reserve = textFlag(values, 'reserve') === '0' ? 0 : (numberFlag(values, 'reserve', false) ?? 1);
  return { gpus, ramBytes: ram !== null ? ram * GIB : gpus.length === 0 ? totalmem() : null, reserveBytes: reserve * GIB };
}

async function quantizationsOf(values: FlagValues, { stored }: Shape): Promise<string[]> {
  const { quantizations } = await import('../fit/weights.ts');
  const known = [...new Set([...(stored === null ? [] : [stored.quantization]), ...quantizations])];
  const asked = listFlag(values, 'quant').map((one) => known.find((name) => name.toLowerCase() === one.toLowerCase()) ?? one);
  const odd = asked.find((one) => !known.includes(one));
  if (odd !== undefined)
    throw new InputError({
      code: 'fit/unknown-quant',
      what: `--quant ${odd}: its size is not known here`,
      fix: `use one of: ${known.join(', ')}; or name the .gguf file`,
    });
  return asked.length > 0 ? asked : known;
}

async function shapesOf(values: FlagValues, names: string[], console: Console): Promise<Shape[]> {
  const url = textFlag(values, 'lmstudio');
  const given = textFlag(values, 'params');
  const stray = Object.keys(numbers).find((flag) => given === null && textFlag(values, flag) !== null);
  if (stray !== undefined)
    throw new InputError({
      code: 'fit/stray-number',
      what: `--${stray} tells of the model that --params gives`,
      fix: 'add --params, or leave it out',
    });
  const shapes = [
    ...(await Promise.all(names.map((name) => namedShape(name, console)))),
    ...(given === null ? [] : [shapeOfNumbers(values, given)]),
    ...(url === null ? [] : await lmStudioShapes(url, console)),
  ];
  if (shapes.length > 0) return shapes;
  const { knownNames } = await import('../fit/shape.ts');
  throw new InputError({
    code: 'fit/nothing',
    what: url === null ? 'which model?' : 'none of its models is known by name',
    fix: `name a .gguf file, or one of: ${knownNames.join(', ')}; or give --params`,
  });
}

async function namedShape(name: string, { cwd }: Console): Promise<Shape> {
  if (name.endsWith('.gguf')) return (await import('../fit/read-gguf.ts')).readGguf(resolve(cwd, name));
  const { knownShape, knownNames } = await import('../fit/shape.ts');
  const shape = knownShape(name);
  if (shape !== null) return shape;
  const near = nearestName(name, knownNames);
  throw new InputError({
    code: 'fit/unknown-model',
    what: `${name}: its layers are not known here`,
    fix: `${near === null ? '' : `did you mean "${near}"? Else `}name its .gguf file, or give --params, --layers, --kv-heads and --head-dim`,
  });
}

function shapeOfNumbers(values: FlagValues, text: string): Shape {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([bm]?)$/i.exec(text) ?? [];
  const parameters = Number(number) * ({ b: 1e9, m: 1e6, '': 1 }[unit.toLowerCase()] ?? NaN);
  if (!(parameters > 0))
    throw new InputError({ code: 'fit/bad-params', what: `--params ${text}: this is no number of weights`, fix: 'write --params 72B' });
  const flag = (name: string) => numberFlag(values, name, true);
  const [layers, kvHeads, headLength] = [flag('layers'), flag('kv-heads'), flag('head-dim')];
  if (layers === null || kvHeads === null || headLength === null)
    throw new InputError({
      code: 'fit/missing-numbers',
      what: '--params alone does not tell the KV cache',
      fix: 'add --layers, --kv-heads and --head-dim (num_hidden_layers, num_key_value_heads and head_dim of its config.json)',
    });
  return {
    ...{ name: `${text} by its numbers`, parameters, layers, kvHeads, keyLength: headLength, valueLength: headLength, window: null },
    ...{ embedding: flag('embedding'), feedForward: flag('feed-forward'), vocabulary: flag('vocab') },
    ...{ trainedContext: null, tensors: null, stored: null },
  };
}

async function lmStudioShapes(address: string, { env, err }: Console): Promise<Shape[]> {
  const [{ openTransport }, { readLmStudioList }, { failureOf }] = await Promise.all([
    import('../models/transport.ts'),
    import('../fit/lmstudio-list.ts'),
    import('../models/failures.ts'),
  ]);
  if (!/^https?:/.test(address) || !URL.canParse(address))
    throw new InputError({
      code: 'fit/bad-address',
      what: `--lmstudio ${address}: this is no address`,
      fix: 'write --lmstudio http://localhost:1234',
    });
  const key = env['LM_API_TOKEN'];
  const ask = openTransport({ env, contacted: () => undefined, authorization: key ? `Bearer ${key}` : null, purpose: 'asking LM Studio' });
  let why = 'it has no list of models';
  for (const path of ['/api/v1/models', '/api/v0/models']) {
    try {
      const listed = readLmStudioList(JSON.parse(await (await ask(new URL(path, address), { signal: AbortSignal.timeout(5_000) })).text()));
      if (listed === null) continue;
      const unknown = listed.filter(({ shape }) => shape === null).map(({ name }) => name);
      if (unknown.length > 0) err(`not known by name, so left out: ${unknown.join(', ')}; name their .gguf files instead\n`);
      return listed.flatMap(({ shape }) => shape ?? []);
    } catch (error) {
      if (!(error instanceof SyntaxError)) why = failureOf(error).why;
    }
  }
  throw new InputError({ code: 'fit/no-lmstudio', what: `--lmstudio ${address}: ${why}`, fix: 'start its server, or name .gguf files' });
}
