/** What an answer says that an element could ask for: words, short phrases, numbers with their unit, names from code. */
import { type Token, tokenize } from '../scorers/elements/fold.ts';
import { stem } from '../scorers/elements/stem.ts';

export interface Term {
  /** what two ways of writing it have in common: stems, or the literal in small letters */
  key: string;
  /** as it stands in the answer */
  text: string;
  kind: 'word' | 'phrase' | 'literal';
  /** stems of its words, to find terms that share one */
  stems: string[];
}

/** English words that tell nothing by themselves, by their grammar or since every longer answer has them. In other languages the other cases tell. */
const COMMON = new Set(
  'aspect crucial emphasize emphasizes essential modern significant vast vital a about above according across actually after again against all allow allows almost along also although always am among an and another any anyone anything are around as ask at available away back based basic be became because become becomes been before being below best better between beyond big both brief but by call called can cannot carefully case cases certain certainly change clear clearly come comes common commonly complete consider contain contains could create current currently day depend depending depends describe detail detailed details did different do does doing done down due during each easily easy either else end ensure especially etc even ever every everyone everything example examples exist explain explanation far few final finally find first follow following follows for form found from full fully further general generally get give given gives giving go goes going good great had happen has have having he help helpful helping helps hence her here high highly him his hope how however i idea if important in include included includes including indeed individual information instance instead into involve involves involving is issue it its itself just keep key kind know known large last later lead leading least left less let level life like likely list little live long look lot low made main mainly make makes making many may maybe me mean meaning means might more moreover most mostly much multiple must my name necessary need needed needs never new next no nor not note now number object of off offer offers often on once one only open opportunity option options or order other others otherwise our out over overall own part particular particularly people per perhaps person place please point popular possible potential potentially present process provide provided provides providing put question quite range rather really reason receive related remain remember require required requires response result results right same say second see seem several shall she should show shows similar simple simply since single small so some someone something sometimes specific specifically start step steps still strong such suggest sure take takes taking tell term terms than that the their them themselves then there therefore these they thing things think third this those though three through throughout thus time times to together too toward try two type types typically under understand understanding unique until up upon us use used useful user uses using usually various version very via want was way ways we well were what when where whether which while who whole whose why wide will with within without word words work works world would write written year years yes yet you your yourself'.split(
    ' ',
  ),
);
const SHORTEST = 3;
const LONGEST_PHRASE = 3;
/** A number alone is a place in a list as often as not. */
const NUMBER = /(?<![\p{L}\p{N}.,_])[$€£]?\d+(?:[.,]\d+)*(?:\s?(?:%|°[CF]?|[\p{L}µ][\p{L}/²³]{0,11}))?(?![\p{L}\p{N}_])/gu;
/** `inline code`, snake_case, camelCase, calls and dotted names. */
const CODE =
  /`([^`\s]{2,40})`|(?<![\p{L}\p{N}_.])((?:[a-z]+[A-Z][A-Za-z]+|[A-Za-z]\w*_\w+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w+)+|[A-Za-z_]\w{2,}(?=\()))/gu;

/** Every term of a text, as often as it stands there. */
export function termsOf(text: string): Term[] {
  return [...literals(text), ...wordsAndPhrases(text)];
}

function literals(text: string): Term[] {
  const literal = (written: string): Term => {
    const stems = tokenize(written).map((token) => stem(token.text));
    return { key: written.toLowerCase().replace(/\s+/g, ' '), text: written, kind: 'literal', stems };
  };
  const numbers = [...text.matchAll(NUMBER)].map(([written]) => {
    const [, digits = '', unit = ''] = /^([$€£]?[\d.,]*\d)\s?(.*)$/u.exec(written) ?? [];
    return COMMON.has(unit.toLowerCase()) ? digits : written;
  });
  const code = [...text.matchAll(CODE)].map((match) => match[1] ?? match[2] ?? '').filter((name) => /[\p{L}\p{N}]/u.test(name));
  return [...numbers.filter((number) => /[^\d.,]|\d[.,]?\d/.test(number)), ...code.filter((name) => !isWord(name))].map(literal);
}

const isWord = (name: string): boolean => /^\p{L}+$/u.test(name) && !/\p{Ll}\p{Lu}/u.test(name);

function wordsAndPhrases(text: string): Term[] {
  const tokens = tokenize(text);
  return tokens.flatMap((_, start) => {
    const found: Term[] = [];
    for (let length = 1; length <= LONGEST_PHRASE && start + length <= tokens.length; length++) {
      const own = tokens.slice(start, start + length);
      const last = own.at(-1) as Token;
      if (length > 1 && !isJoined(text, own)) break;
      // "rule of law" is one, "caused by bacteria" is not
      if (!isContent(last, text)) {
        if (length === 1 || last.text !== 'of') break;
        continue;
      }
      const stems = own.map((token) => stem(token.text));
      found.push({ key: stems.join(' '), text: text.slice(own[0]?.start, last.end), kind: length === 1 ? 'word' : 'phrase', stems });
    }
    return found;
  });
}

/** A space or a hyphen stands between words of one phrase, nothing else. */
function isJoined(text: string, tokens: readonly Token[]): boolean {
  const [before, last] = tokens.slice(-2) as [Token, Token];
  return /^[ \-‑]$/u.test(text.slice(before.end, last.start)) && !/\d/.test(last.text);
}

function isContent({ text: word, start, end }: Token, text: string): boolean {
  if (/\d/.test(word) || COMMON.has(word) || COMMON.has(word.replace(/'\p{L}+$/u, ''))) return false;
  const isAcronym = /^\p{Lu}{2,}$/u.test(text.slice(start, end));
  // scripts without spaces have no words to take
  return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}'’]+$/u.test(word) && (word.length >= SHORTEST || isAcronym);
}
