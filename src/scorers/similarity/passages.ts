/** Texts → passages: their segments' vectors, each distinct segment embedded once. */
import type { Embedder } from '../../record.ts';
import { passageOf, type Passage } from './raw.ts';
import { segmentsOf, wordCount } from './segments.ts';

export type Progress = (done: number, total: number) => void;

/** A look-up that knows the given texts only; equal texts share one passage. */
export async function embedTexts(texts: readonly string[], embedder: Embedder, onProgress: Progress): Promise<(text: string) => Passage> {
  const parts = new Map(texts.map((text) => [text, segmentsOf(text)]));
  const distinct = [...new Set([...parts.values()].flat())];
  const vectors = await embedder.embed(distinct, onProgress);
  const vectorOf = new Map(distinct.map((segment, i) => [segment, vectors[i]!]));
  const passages = new Map<string, Passage>();
  return (text) => {
    const known = passages.get(text);
    if (known) return known;
    const segments = parts.get(text)!;
    const rows = segments.map((segment) => vectorOf.get(segment)!);
    const passage = passageOf(rows, segments.map(wordCount));
    passages.set(text, passage);
    return passage;
  };
}
