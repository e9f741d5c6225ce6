/** Answers that nobody should take for good ones, made from an answer to the prompt. */
import { randomOf, shuffled } from './statistics.ts';

export interface Made {
  prompt: string;
  /** an answer to the prompt */
  own: string;
  /** an answer to another prompt */
  other: string;
}

const CONSTANT =
  'Thank you for your question. There are several things to consider here. It depends on your situation and on what you need. Please let me know if you would like more details.';

const first =
  (share: number) =>
  ({ own }: Made) =>
    own.slice(0, Math.floor(own.length * share));

export const degenerate = {
  'empty answers': () => '',
  'the prompt itself': ({ prompt }) => prompt,
  'answers to other prompts': ({ other }) => other,
  'one text for all': () => CONSTANT,
  'first 10 %': first(0.1),
  'first 25 %': first(0.25),
  'first 50 %': first(0.5),
  'sentences shuffled': ({ own }) => shuffled(sentences(own), randomOf(own.length)).join('\n'),
} satisfies Record<string, (made: Made) => string>;
export type Degenerate = keyof typeof degenerate;

/** Lines and sentences as they stand. */
function sentences(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?])\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
