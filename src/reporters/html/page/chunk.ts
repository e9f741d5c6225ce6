/** A chunk of cases as it is packed: columns of everything that is known of them, and beside it their texts, case by case. */
import { fromColumns, toColumns } from './columns.ts';
import type { PackedCase } from './types.ts';

export interface Chunk {
  columns: ReturnType<typeof toColumns>;
  /** of each case in turn: its messages, its answers and their reasoning; what is alike stands close together */
  texts: string[];
  /** place in `texts` after the last one of each case */
  ends: number[];
}

/** Gives every text of a case to `through` and puts what comes back in its place; the case itself is left alone. */
function withTexts(result: PackedCase, through: (text: string) => string): PackedCase {
  const answer = (of: PackedCase['answers']['baseline'][number]) => ({
    ...of,
    answer: through(of.answer),
    reasoning: of.reasoning === null ? null : through(of.reasoning),
  });
  return {
    ...result,
    messages: result.messages.map((message) => ({ ...message, content: through(message.content) })),
    answers: { baseline: result.answers.baseline.map(answer), candidate: result.answers.candidate.map(answer) },
  };
}

export function toChunk(cases: readonly PackedCase[]): Chunk {
  const texts: string[] = [];
  const ends: number[] = [];
  const bare = cases.map((result) => {
    const without = withTexts(result, (text) => (texts.push(text), ''));
    ends.push(texts.length);
    return without;
  });
  return { columns: toColumns(bare), texts, ends };
}

export function fromChunk({ columns, texts }: Omit<Chunk, 'ends'>): PackedCase[] {
  let next = 0;
  return (fromColumns(columns) as PackedCase[]).map((bare) => withTexts(bare, () => texts[next++] ?? ''));
}
