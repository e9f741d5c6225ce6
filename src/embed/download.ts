/** One file from the hub: past resets and restarts, until it is whole and its sha256 is right. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { CannotHave } from './cannot-have.ts';
import { type PinnedFile, sizeOf } from './catalogue.ts';
import { failure, type Hub, type HubAnswer, OTHERWISE, Passing } from './hub.ts';

export interface DownloadTools {
  hub: Hub;
  signal: AbortSignal;
  /** ends early when the signal is aborted */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** `total` is null until it is known */
  onProgress: (done: number, total: number | null) => void;
}

export interface Downloaded {
  bytes: number;
  /** hex */
  sha256: string;
}

/** Pauses before the tries after the first; a try that brought the file further starts them anew. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/** Gets `url` into `target`, by way of `target.part`, which outlives an interruption and is gone on with. */
export async function download(file: PinnedFile, url: string, target: string, tools: DownloadTools): Promise<Downloaded> {
  const part = `${target}.part`;
  let most = sizeOf(part) ?? 0;
  for (let failures = 0; ;) {
    try {
      const found = await attempt(file, url, part, tools);
      await check(file, part, found);
      await onDisk(part, () => rename(part, target));
      return found;
    } catch (error) {
      if (tools.signal.aborted || !(error instanceof Passing)) throw error;
      const now = sizeOf(part) ?? 0;
      if (now > most) [most, failures] = [now, 0];
      const pause = PAUSES_MS[failures++];
      if (pause === undefined) throw givenUp(file, error);
      await tools.wait(pause, tools.signal);
      tools.signal.throwIfAborted();
    }
  }
}

function givenUp({ path }: PinnedFile, error: Passing): CannotHave {
  const what = `${path} did not come: ${error.message}, ${PAUSES_MS.length + 1} times`;
  return new CannotHave({ code: 'embed/given-up', what, fix: `the same command goes on where it stopped; or ${OTHERWISE}` });
}

async function attempt(file: PinnedFile, url: string, part: string, { hub, signal, onProgress }: DownloadTools): Promise<Downloaded> {
  const have = await usable(file, part);
  if (have > 0 && have === file.bytes) return { bytes: have, sha256: (await hashOf(part, signal)).digest('hex') };
  const answer = await hub.get(url, have, signal);
  const { from, total } = await opened(file, part, have, answer, hub.address);
  const hash = from > 0 ? await hashOf(part, signal) : createHash('sha256');
  let bytes = from;
  onProgress(bytes, total);
  const handle = await onDisk(part, () => open(part, from > 0 ? 'a' : 'w'));
  try {
    for await (const piece of pieces(answer, hub.address, signal)) {
      await onDisk(part, () => handle.appendFile(piece));
      hash.update(piece);
      bytes += piece.length;
      onProgress(bytes, total);
    }
    await onDisk(part, () => handle.sync());
  } finally {
    await handle.close();
  }
  if (total !== null && bytes < total) throw new Passing(`the connection ended at byte ${bytes} of ${total}`);
  return { bytes, sha256: hash.digest('hex') };
}

/** How much of the part can be kept. Without a sha256 nothing would tell when two pieces are of different files. */
async function usable({ bytes, sha256 }: PinnedFile, part: string): Promise<number> {
  const have = sizeOf(part) ?? 0;
  if (have > 0 && sha256 !== null && bytes !== null && have <= bytes) return have;
  if (have > 0) await rm(part, { force: true });
  return 0;
}

/** Where the answer's bytes go, and how long the file is; throws where the answer is none. */
async function opened(
  file: PinnedFile,
  part: string,
  have: number,
  { status, header, body }: HubAnswer,
  address: string,
): Promise<{ from: number; total: number | null }> {
  const refuse = async (error: Error) => {
    await body.dump().catch(() => undefined);
    return error;
  };
  if (status === 206 || status === 416) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header('content-range') ?? '') ?? [];
    if (status === 206 && Number(start) === have && Number(total) === file.bytes) return { from: have, total: file.bytes };
    // another length, or another place than was asked for: from the beginning
    await rm(part, { force: true });
    throw await refuse(new Passing(`the hub does not go on at byte ${have} of ${file.path}`));
  }
  if (status !== 200) throw await refuse(refusal(status, file, address));
  if (!['identity', null].includes(header('content-encoding')))
    throw await refuse(new CannotHave({ code: 'embed/not-the-file', what: `${file.path} came compressed`, fix: OTHERWISE }));
  const length = header('content-length');
  const total = length === null ? file.bytes : Number(length);
  if (file.bytes !== null && total !== file.bytes) {
    const what = `${file.path} has ${total ?? 'no'} bytes at ${address}, and should have ${file.bytes}`;
    throw await refuse(new CannotHave({ code: 'embed/other-size', what, fix: OTHERWISE }));
  }
  return { from: 0, total };
}

function refusal(status: number, { path }: PinnedFile, address: string): Error {
  if (status >= 500 || status === 408 || status === 429) return new Passing(`${new URL(address).host} says ${status}`);
  const what = `${address} says ${status} to ${path}`;
  if (status === 401 || status === 403)
    return new CannotHave({
      code: 'embed/refused',
      what,
      fix: 'set HF_TOKEN to a token that may read it; behind a proxy, see what it refuses',
    });
  return new CannotHave({ code: status === 404 ? 'embed/not-there' : 'embed/refused', what, fix: OTHERWISE });
}

/** The body, with its errors told apart from those of the disk. */
async function* pieces({ body }: HubAnswer, address: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw signal.aborted ? error : failure(error, new URL(address).host);
  }
}

async function check(file: PinnedFile, part: string, { bytes, sha256 }: Downloaded): Promise<void> {
  const wrong = await whatIsWrong(file, part, bytes, sha256);
  if (wrong === null) return;
  await rm(part, { force: true });
  throw new CannotHave({ ...wrong, fix: `it was removed: try again, and if that does not help, ${OTHERWISE}` });
}

async function whatIsWrong(file: PinnedFile, part: string, bytes: number, sha256: string): Promise<{ code: string; what: string } | null> {
  const { path } = file;
  if (file.bytes !== null && bytes !== file.bytes)
    return { code: 'embed/other-size', what: `${path} is ${bytes} bytes long, and should be ${file.bytes}` };
  if (file.sha256 !== null)
    return sha256 === file.sha256
      ? null
      : { code: 'embed/wrong-sha256', what: `${path} has sha256 ${sha256}, and should have ${file.sha256}` };
  // a page of a proxy that wants a login also comes with 200
  if (path.endsWith('.json') && !isJson(await readFile(part, 'utf8'))) return { code: 'embed/not-the-file', what: `${path} is not JSON` };
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export async function hashOf(file: string, signal?: AbortSignal): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20, ...(signal && { signal }) })) hash.update(piece as Buffer);
  return hash;
}

/** A full or read-only disk is no reason to try again. */
export async function onDisk<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const fix = code === 'ENOSPC' ? 'free some space' : 'see who may write there';
    const elsewhere = `${fix}, or set ONPAR_CACHE to another folder; the same command goes on where it stopped`;
    throw new CannotHave({ code: 'embed/disk', what: `${file} cannot be written (${code})`, fix: elsewhere }, { cause: error });
  }
}
