/** What a model thought is kept and shown, never scored. Shapes: `<think>…</think>`, a lone `</think>`, an unclosed `<think>`, harmony channels. */

export interface Separated {
  answer: string;
  /** null when the text holds no reasoning */
  reasoning: string | null;
  /** true when the text ended inside its thought: there is no answer */
  isUnclosed: boolean;
}

const OPEN = /<(think|thinking|reasoning)>/i;
const CLOSE = /<\/(think|thinking|reasoning)>/gi;
const HARMONY = /<\|channel\|>(\w+)[^<]*<\|message\|>([\s\S]*?)(?=<\|(?:end|return|start|channel)\|>|$)/g;

/** Splits a raw answer. A model that thinks several times is cut at its last closing tag. */
export function separateReasoning(raw: string): Separated {
  if (raw.includes('<|channel|>')) return separateHarmony(raw);
  const last = [...raw.matchAll(CLOSE)].at(-1);
  const rest = last ? raw.slice(last.index + last[0].length) : raw;
  const thought = last ? raw.slice(0, last.index).replace(OPEN, '').trim() : null;
  const open = OPEN.exec(rest);
  if (!open) return { answer: last ? rest.trim() : raw, reasoning: thought, isUnclosed: false };
  // opened and never closed: what stands before it is not an answer either, it is the run-up to a thought
  const unclosed = rest.slice(open.index + open[0].length).trim();
  return { answer: rest.slice(0, open.index).trim(), reasoning: [thought, unclosed].filter(Boolean).join('\n\n'), isUnclosed: true };
}

function separateHarmony(raw: string): Separated {
  const parts = [...raw.matchAll(HARMONY)].map(([, channel = '', text = '']) => ({ channel, text: text.trim() }));
  const pick = (isFinal: boolean) => parts.filter((p) => (p.channel === 'final') === isFinal).map((p) => p.text);
  const final = pick(true);
  return { answer: final.join('\n\n'), reasoning: pick(false).join('\n\n') || null, isUnclosed: final.length === 0 };
}
