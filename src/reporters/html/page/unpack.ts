import { rowsOf } from './rows.ts';
import type { Index, PackedCase, Row } from './types.ts';

/** How many opened chunks are kept. */
const KEPT = 4;
const opened = new Map<number, Promise<PackedCase[]>>();

function bytesOf(id: string): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(id)?.textContent;
  if (text === undefined || text === null) throw new Error(`the report is cut off: part "${id}" is missing`);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

const textOf = (id: string): Promise<string> =>
  new Response(new Blob([bytesOf(id)]).stream().pipeThrough(new DecompressionStream('gzip'))).text();

/** The index and its rows; what only the rows need is let go of. */
export async function readIndex(): Promise<{ index: Omit<Index, 'columns'>; rows: Row[] }> {
  const { columns, ...index } = JSON.parse(await textOf('index')) as Index;
  return { index, rows: rowsOf({ columns, ...index }) };
}

/** The list is ready before the chunks below the script have arrived. */
const whenLoaded = () =>
  document.readyState === 'loading'
    ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
    : Promise.resolve();

/** Text of a chunk: a JSON array of its cases. */
export async function chunkText(chunk: number): Promise<string> {
  await whenLoaded();
  return textOf(`chunk-${chunk}`);
}

/** The whole case behind a row. */
export async function readCase({ chunk, place }: Row): Promise<PackedCase> {
  const known = opened.get(chunk) ?? chunkText(chunk).then((text) => JSON.parse(text) as PackedCase[]);
  opened.delete(chunk);
  opened.set(chunk, known);
  for (const oldest of opened.keys()) if (opened.size > KEPT) opened.delete(oldest);
  const result = (await known)[place];
  if (result === undefined) throw new Error('the report is cut off: this case is missing');
  return result;
}
