/** `onpar embedder`: brings encoders to this machine, lists those that are here, and checks them. */
import { dirname } from 'node:path';
import { CannotHave } from '../embed/cannot-have.ts';
import { catalogue, type PinnedEncoder } from '../embed/catalogue.ts';
import type { EncoderFolder } from '../embed/encoder-folder.ts';
import { isServed, parseServed } from '../embed/served-address.ts';
import { formatProblem, InputError, suggestName } from '../errors.ts';
import { progressLine } from './progress.ts';
import { type Console, type FlagValues, textFlag, type Verb } from './verb.ts';

const [WRONG, NOT_HAD, INTERRUPTED] = [1, 3, 130];

/** Smaller files are here before anybody could read that they come. */
const TOLD_BYTES = 1e6;

type Catalogue = Readonly<Record<string, PinnedEncoder>>;
type Work = (name: string | null, values: FlagValues, console: Console, encoders: Catalogue) => Promise<number>;

const works: Record<string, Work> = { pull, list, verify };

/** With other encoders than those of the catalogue, for tests. */
export function embedderVerb(encoders: Catalogue): Verb {
  return {
    summary: 'bring encoders to this machine, list and verify them',
    usage: `pull NAME [FLAGS] | list | verify [NAME]

NAME: ${Object.keys(encoders).join(', ')}; verify takes any encoder that list shows (default:
      all that lie here), or a server's: http://localhost:1234/v1#MODEL
exit codes: 0 done · 1 verify found something wrong · 2 bad input
            3 it could not be had · 130 interrupted: the same command goes on`,
    flags: {
      'dry-run': { type: 'boolean', help: 'pull: only say what would come, from where, and where to; asks nobody' },
      mirror: { type: 'string', value: 'URL', help: 'pull: this instead of the hub (default: HF_ENDPOINT, else https://huggingface.co)' },
    },
    run: (values, positionals, console) => runEmbedder(values, positionals, console, encoders),
  };
}

export const embedder: Verb = embedderVerb(catalogue);

function runEmbedder(values: FlagValues, [word, name, extra]: string[], console: Console, encoders: Catalogue): Promise<number> {
  const names = Object.keys(works);
  if (word === undefined)
    throw new InputError({ code: 'cli/missing-word', what: 'onpar embedder: to do what?', fix: `write one of: ${names.join(', ')}` });
  const work = Object.hasOwn(works, word) ? works[word] : undefined;
  if (work === undefined)
    throw new InputError({ code: 'cli/unknown-word', what: `"onpar embedder" knows no word "${word}"`, fix: suggestName(word, names) });
  const tooMany = work === list ? name : extra;
  if (tooMany !== undefined)
    throw new InputError({ code: 'cli/extra-word', what: `"onpar embedder ${word}" takes no word "${tooMany}"`, fix: 'leave it out' });
  const flag = work === pull ? undefined : Object.keys(values).find((key) => values[key] !== undefined);
  if (flag !== undefined)
    throw new InputError({ code: 'cli/extra-flag', what: `"onpar embedder ${word}" takes no --${flag}`, fix: 'leave it out' });
  return work(name ?? null, values, console, encoders);
}

async function pull(name: string | null, values: FlagValues, console: Console, encoders: Catalogue): Promise<number> {
  const encoder = pinned(name, encoders);
  const [{ hubAddress, pull, planPull }, { defaultFolders }, { takeLock }, texts] = await Promise.all([
    import('../embed/pull.ts'),
    import('../embed/folders.ts'),
    import('../run/lock.ts'),
    import('./embedder-text.ts'),
  ]);
  const address = hubAddress(textFlag(values, 'mirror'), console.env);
  const folders = defaultFolders(console.env);
  const plan = await planPull(encoder, folders.modelsDirs[0]!);
  if (values['dry-run'] === true) {
    console.out(texts.planText(encoder, plan, address, console.width));
    return 0;
  }
  const progress = progressLine(console);
  const interrupt = listen();
  try {
    const pulled = await pull(encoder, folders, {
      address,
      env: console.env,
      signal: interrupt.signal,
      takeLock,
      now: console.now,
      onProgress: (path, done, total) => {
        if ((total ?? done) >= TOLD_BYTES) progress.show(`${path}, MB`, megabytes(done), megabytes(total ?? done));
      },
      onWait: (file) => console.err(`another onpar pulls ${encoder.name}: waiting for it (${file}.lock)\n`),
    });
    progress.clear();
    console.out(texts.pulledText(encoder, pulled, console.width));
    return 0;
  } catch (error) {
    progress.clear();
    if (interrupt.signal.aborted) {
      console.err('stopped: what came is kept; the same command goes on from there\n');
      return INTERRUPTED;
    }
    if (!(error instanceof CannotHave)) throw error;
    console.err(`${formatProblem(error.problem)}\n`);
    return NOT_HAD;
  } finally {
    interrupt.release();
  }
}

/** Rounded up, so that the last piece is seen to come. */
const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

function pinned(name: string | null, encoders: Catalogue): PinnedEncoder {
  const names = Object.keys(encoders);
  if (name === null)
    throw new InputError({ code: 'cli/missing-name', what: 'onpar embedder pull: which one?', fix: `write one of: ${names.join(', ')}` });
  const encoder = Object.hasOwn(encoders, name) ? encoders[name] : undefined;
  if (encoder) return encoder;
  throw new InputError({ code: 'embed/unknown-encoder', what: `there is no encoder "${name}" to pull`, fix: suggestName(name, names) });
}

/** Ctrl-C stops between two pieces: they are kept. */
function listen(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

async function list(_: string | null, __: FlagValues, console: Console, encoders: Catalogue): Promise<number> {
  const { chosen, folders, readHere, listEncoders, planPull, texts } = await atHand(console);
  const here = listEncoders(folders.modelsDirs).map((dir) => ({ dir, ...readHere(dir) }));
  const groups = folders.modelsDirs.map((dir) => ({ dir, encoders: here.filter((one) => dirname(one.dir) === dir) }));
  const plans = await Promise.all(
    Object.values(encoders).map(async (encoder) => ({ encoder, plan: await planPull(encoder, folders.modelsDirs[0]!) })),
  );
  const { listServed } = await import('../embed/served.ts');
  const served = listServed(folders.cacheDir);
  console.out(texts.listText({ groups, served, chosen, plans: plans.filter(({ plan }) => !plan.isComplete) }, console));
  return 0;
}

async function verify(name: string | null, _: FlagValues, console: Console, encoders: Catalogue): Promise<number> {
  if (name !== null && isServed(name)) return verifyServed(name, console);
  const { folders, readHere, listEncoders, findEncoder, missingEncoder, texts } = await atHand(console);
  const { checkFiles, checkVectors, pinsOf } = await import('../embed/verify.ts');
  const found = name === null ? listEncoders(folders.modelsDirs) : [findEncoder(name, folders.modelsDirs)];
  let isRight = true;
  for (const dir of found) {
    if (dir === null) throw missingEncoder(name ?? '', folders.modelsDirs);
    const pins = pinsOf(dir, encoders);
    const files = await checkFiles(dir, pins);
    const { folder, problem } = readHere(dir);
    const isSound = files.every((file) => file.isRight !== false);
    const vectors = folder !== null && isSound ? await checkVectors(folder) : null;
    isRight &&= vectors?.isRight === true;
    console.out(texts.verifiedText({ dir, files, folder, problem, vectors, pullName: pins?.name ?? null }, console));
  }
  return isRight ? 0 : WRONG;
}

/** Asks the server, whatever is cached. */
async function verifyServed(name: string, console: Console): Promise<number> {
  const [{ openServed }, { checkServed }, { defaultFolders }, texts] = await Promise.all([
    import('../embed/served.ts'),
    import('../embed/verify.ts'),
    import('../embed/folders.ts'),
    import('./embedder-text.ts'),
  ]);
  const { env } = console;
  const address = parseServed(name, env);
  try {
    const source = await openServed(address, { env, isOffline: false, contacted: () => {}, cacheDir: defaultFolders(env).cacheDir });
    const vectors = await checkServed(source).finally(source.close);
    console.out(texts.verifiedServedText({ base: address.base, source, vectors }, console));
    return vectors.isRight ? 0 : WRONG;
  } catch (error) {
    if (!(error instanceof CannotHave)) throw error;
    console.err(`${formatProblem(error.problem)}\n`);
    return NOT_HAD;
  }
}

/** What `list` and `verify` need. */
async function atHand({ env }: Console) {
  const [{ defaultFolders }, { DEFAULT_ENCODER, BUNDLED_ENCODER }, encoderFolder, { planPull }, texts] = await Promise.all([
    import('../embed/folders.ts'),
    import('../embed/index.ts'),
    import('../embed/encoder-folder.ts'),
    import('../embed/pull.ts'),
    import('./embedder-text.ts'),
  ]);
  const folders = defaultFolders(env);
  const { findEncoder, readEncoder } = encoderFolder;
  const wanted = findEncoder(DEFAULT_ENCODER, folders.modelsDirs);
  const chosen = {
    dir: wanted ?? findEncoder(BUNDLED_ENCODER, folders.modelsDirs),
    why:
      wanted === null
        ? `the weights of ${DEFAULT_ENCODER} are not on this machine`
        : `${DEFAULT_ENCODER} is preferred, and its weights are here`,
  };
  /** The folder as a run would read it, or the sentence that a run would end with. */
  const readHere = (dir: string): { folder: EncoderFolder | null; problem: string | null } => {
    try {
      return { folder: readEncoder(dir, `${folders.cacheDir}/fingerprints`), problem: null };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { folder: null, problem: error.message };
    }
  };
  return { folders, chosen, readHere, planPull, texts, ...encoderFolder };
}
