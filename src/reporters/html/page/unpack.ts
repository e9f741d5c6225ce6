import type { CaseResult } from '../../../record.ts';
import type { Index, Row } from './types.ts';

/** How many opened chunks are kept. */
const KEPT = 4;
const opened = new Map<number, Promise<CaseResult[]>>();

async function unpack(id: string): Promise<unknown> {
  const text = document.getElementById(id)?.textContent;
  if (text === undefined || text === null) throw new Error(`the report is cut off: part "${id}" is missing`);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const json: unknown = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
  return json;
}

export const readIndex = () => unpack('index') as Promise<Index>;

/** The list is ready before the chunks below the script have arrived. */
const whenLoaded = () =>
  document.readyState === 'loading'
    ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
    : Promise.resolve();

async function openChunk(chunk: number): Promise<CaseResult[]> {
  await whenLoaded();
  return (await unpack(`chunk-${chunk}`)) as CaseResult[];
}

/** The whole case behind a row. */
export async function readCase({ chunk, place }: Row): Promise<CaseResult> {
  const known = opened.get(chunk) ?? openChunk(chunk);
  opened.delete(chunk);
  opened.set(chunk, known);
  for (const oldest of opened.keys()) if (opened.size > KEPT) opened.delete(oldest);
  const result = (await known)[place];
  if (result === undefined) throw new Error('the report is cut off: this case is missing');
  return result;
}
