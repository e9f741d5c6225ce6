import { decode91 } from './base91.ts';
import { fromChunk, type Chunk } from './chunk.ts';
import { rowsOf } from './rows.ts';
import type { Index, PackedCase, Row } from './types.ts';

/** How many opened chunks are kept. */
const KEPT = 4;
const opened = new Map<number, Promise<PackedCase[]>>();

function bytesOf(id: string): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(id)?.textContent;
  if (text === undefined || text === null) throw new Error(`the report is cut off: part "${id}" is missing`);
  return decode91(text);
}

/** Written at once and read as a response: three times as fast as a stream out of a blob. */
async function textOf(id: string): Promise<string> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  // what is wrong with the bytes is told by the reading side, too
  writer.write(bytesOf(id)).catch(() => {});
  writer.close().catch(() => {});
  return new Response(stream.readable).text();
}

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

/** Text of a chunk: the JSON of what `fromChunk` reads. */
export async function chunkText(chunk: number): Promise<string> {
  await whenLoaded();
  return textOf(`chunk-${chunk}`);
}

/** The whole case behind a row. */
export async function readCase({ chunk, place }: Row): Promise<PackedCase> {
  const known = opened.get(chunk) ?? chunkText(chunk).then((text) => fromChunk(JSON.parse(text) as Chunk));
  opened.delete(chunk);
  opened.set(chunk, known);
  for (const oldest of opened.keys()) if (opened.size > KEPT) opened.delete(oldest);
  const result = (await known)[place];
  if (result === undefined) throw new Error('the report is cut off: this case is missing');
  return result;
}
