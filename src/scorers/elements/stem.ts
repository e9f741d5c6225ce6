/** Words that are the same but for their inflection get one stem: "policies", "policy's" and "policy"; "scaling" and "scale". */
import { stemmer } from 'stemmer';

/** Words shorter than this are acronyms and function words: never stemmed. */
const SHORTEST_STEMMED = 4;

/** Porter's algorithm knows no irregular plurals, and puts some words together that have nothing to do with each other. */
const IRREGULAR: Record<string, string> = {
  children: 'child',
  men: 'man',
  women: 'woman',
  mice: 'mouse',
  feet: 'foot',
  teeth: 'tooth',
  indices: 'index',
  matrices: 'matrix',
  vertices: 'vertex',
  criteria: 'criterion',
  phenomena: 'phenomenon',
  analyses: 'analysis',
  hypotheses: 'hypothesis',
  crises: 'crisis',
};
const APART: Record<string, string> = {
  university: 'university',
  universities: 'university',
  organ: 'organ (of a body)',
  organs: 'organ (of a body)',
  organic: 'organic',
  general: 'general',
  generally: 'general',
  generic: 'generic',
  news: 'news',
  business: 'business',
  businesses: 'business',
  import: 'import',
  imports: 'import',
  imported: 'import',
  importing: 'import',
};

const known = new Map<string, string>();
const MOST_KNOWN = 50_000;

export function stem(word: string): string {
  const before = known.get(word);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = makeStem(word);
  known.set(word, made);
  return made;
}

function makeStem(word: string): string {
  const bare = word.replace(/'s$|'$/, '');
  if (bare.length < SHORTEST_STEMMED) return bare;
  return APART[bare] ?? stemmer(american(IRREGULAR[bare] ?? bare));
}

/** Both sides go through this, so that a word it spoils is spoilt alike. */
function american(word: string): string {
  return word.replace(/(?<=\w{3})([iy])s(e[ds]?|er|ing|ations?)$/, '$1z$2').replace(/(?<=[a-z]{3})our(?=s|ed|ing|al|ite|$)/, 'or');
}
