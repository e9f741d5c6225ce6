/** Is an encoder on this machine what it should be: its files, and the vectors that it gives? */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { catalogue, folderName, type PinnedEncoder, readRecord, sizeOf } from './catalogue.ts';
import { hashOf } from './download.ts';
import { type EncoderFolder, isNoWeight } from './encoder-folder.ts';
import { threadsFor } from './index.ts';
import { createPool } from './pool.ts';
import type { Source } from './source.ts';

export interface FileCheck {
  path: string;
  bytes: number | null;
  /** null: there is nothing to compare with */
  isRight: boolean | null;
  why: string;
}

/** The pins of a folder called `name@revision`; null for an encoder from elsewhere. */
export function pinsOf(dir: string, encoders: Readonly<Record<string, PinnedEncoder>> = catalogue): PinnedEncoder | null {
  return Object.values(encoders).find((encoder) => folderName(encoder) === basename(dir)) ?? null;
}

/** Sizes and sha256 against the pins, and against what `pull` wrote down. */
export async function checkFiles(dir: string, pins: PinnedEncoder | null): Promise<FileCheck[]> {
  const record = readRecord(dir);
  const paths = [...new Set([...(pins?.files ?? []), ...(record?.files ?? [])].map(({ path }) => path))];
  const checks: FileCheck[] = [];
  for (const path of paths) {
    const pin = pins?.files.find((file) => file.path === path) ?? null;
    const pulled = record?.files.find((file) => file.path === path) ?? null;
    checks.push(await checkFile(dir, path, { pin, pulled }));
  }
  return [...checks, ...strangers(dir, pins)];
}

type Known = { bytes: number | null; sha256: string | null } | null;

async function checkFile(dir: string, path: string, { pin, pulled }: { pin: Known; pulled: Known }): Promise<FileCheck> {
  const bytes = sizeOf(join(dir, path));
  const result = (isRight: boolean | null, why: string) => ({ path, bytes, isRight, why });
  if (bytes === null) return result(false, 'is missing');
  const length = pin?.bytes ?? pulled?.bytes ?? bytes;
  if (bytes !== length) return result(false, `is ${bytes} bytes long, and should be ${length}`);
  const [expected, by] = pin?.sha256 ? [pin.sha256, 'as pinned'] : [pulled?.sha256 ?? null, 'as it was pulled'];
  if (expected === null) return result(null, 'has no pinned sha256, and was not pulled by onpar');
  const found = (await hashOf(join(dir, path))).digest('hex');
  return found === expected ? result(true, `sha256 ${by}`) : result(false, `has sha256 ${found}, and should have ${expected}`);
}

/** What lies in `onnx/` and is no other graph, nor configuration, counts as weights: it makes it another encoder, whoever put it there. */
function strangers(dir: string, pins: PinnedEncoder | null): FileCheck[] {
  if (pins === null) return [];
  const known = new Set(pins.files.map(({ path }) => path));
  return readdirSync(join(dir, 'onnx'))
    .filter((name) => !name.startsWith('model') && !isNoWeight(name))
    .map((name) => `onnx/${name}`)
    .filter((path) => !known.has(path))
    .map((path) => ({
      path,
      bytes: sizeOf(join(dir, path)),
      isRight: false,
      why: 'does not belong here, and makes it another encoder: remove it',
    }));
}

export interface VectorCheck {
  isRight: boolean;
  why: string;
}

const SHORT = 'Oslo is the capital of Norway.';
const LONG = 'The refund is paid within fourteen days, to the account that the order was paid from, whatever the reason.';
/** As in the tests of the bundled encoder. */
const SAME = 1e-6;
const UNIT = 1e-5;

/** Loads a folder's encoder and checks what it gives. Nothing is cached. */
export async function checkVectors(folder: EncoderFolder): Promise<VectorCheck> {
  const pool = createPool({ folder, threads: threadsFor(folder) }, 1);
  try {
    return await checkSource({ run: pool.run, dimensions: folder.dimensions }, SAME);
  } finally {
    await pool.close();
  }
}

/** In a component; what a server's own sums may stray from run to run. */
const SAME_SERVED = 5e-3;

export const checkServed = ({ run, identity: { dimensions } }: Source): Promise<VectorCheck> =>
  checkSource({ run, dimensions }, SAME_SERVED);

/** Embeds two sentences: alone, and with the other one before and after; `same` is how far apart a component may be. */
async function checkSource({ run, dimensions }: { run: Source['run']; dimensions: number }, same: number): Promise<VectorCheck> {
  const embed = async (...texts: string[]): Promise<Float32Array[]> => {
    const vectors: Float32Array[] = [];
    await run(texts, (positions, all) =>
      positions.forEach((text, row) => (vectors[text] = all.subarray(row * dimensions, (row + 1) * dimensions))),
    );
    return vectors;
  };
  try {
    const alone = [...(await embed(SHORT)), ...(await embed(LONG))];
    const together = [await embed(SHORT, LONG), (await embed(LONG, SHORT)).reverse()];
    const worst = Math.max(...together.flatMap((pair) => pair.map((vector, i) => farthest(vector, alone[i]!))));
    const lengths = [...alone, ...together.flat()].map((vector) => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)));
    const off = Math.max(...lengths.map((length) => Math.abs(length - 1)));
    if (!(off <= UNIT)) return { isRight: false, why: `a vector's length is ${off.toExponential(1)} away from 1` };
    const told = `alone and beside another text (largest difference ${worst.toExponential(1)})`;
    return worst <= same
      ? { isRight: true, why: `length 1, and the same ${told}` }
      : { isRight: false, why: `a text's vector is not the same ${told}` };
  } catch (error) {
    return { isRight: false, why: (error as Error).message };
  }
}

function farthest(a: Float32Array, b: Float32Array): number {
  return a.length === b.length ? a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0) : Infinity;
}
