/**
 * Whether a place in an English text is negated, after NegEx (Chapman et al. 2001, J. Biomed. Inform. 34:301): a negation in the same
 * clause, at most five words before it, or right after it ("refunds are not given"). Two negations before it cancel out ("do not
 * restart without draining"). "Not only" is none. On AlpacaEval most of what this finds is a topic that is rightly named by what it is not
 * ("not completely rigid"), which is why an element has to ask for it.
 */

const WORDS_BEFORE = 5;
const NEGATION = /^(?:not|never|no|without|cannot|neither|nor|lacks?|lacking|unable|avoid|\p{L}+n't)$/u;
const NO_NEGATION =
  /\b(?:(?:never|no|not)-\p{L}+|not\s+(?:only|just|merely|simply)|no\s+(?:doubt|matter|later|more\s+than)|why\s+not|if\s+not|or\s+not)\b/giu;
const CLAUSE = /[.!?;:,()\n|–—]|\b(?:but|however|although|though|because|instead|rather|only|and|then|which|who|that)\b/iu;
const AFTER =
  /^[\s*_`"']*(?:is|are|was|were|do|does|did|can|could|will|would|should|must|may|has|have)?(?:\s+not\b|n't\b|\s+never\b|\s+no\s+longer\b)(?!\s+only)/iu;

export function isNegated(text: string, start: number, end: number): boolean {
  if (AFTER.test(text.slice(end, end + 40).replaceAll('’', "'"))) return true;
  const clause =
    text
      .slice(Math.max(0, start - 120), start)
      .replaceAll('’', "'")
      .replace(NO_NEGATION, ' ')
      .split(CLAUSE)
      .at(-1) ?? '';
  const words = clause.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const isThere = words.map((word) => NEGATION.test(word));
  return isThere.slice(-WORDS_BEFORE).includes(true) && isThere.filter(Boolean).length % 2 === 1;
}
