/** The words that every text of a language is full of: enough to tell languages of one script apart in twenty words of prose. */
const WORDS: Record<string, string> = {
  en: 'the of and to in is that it for was on are as with be this by at from or an not have you which can',
  de: 'der die das und ist in den von zu mit sich des auf für nicht ein eine einen dem es als auch werden oder sie kann',
  fr: 'le la les de des du et est en un une que qui pour dans par sur au avec ne pas il elle sont ce cette ou plus',
  es: 'el la los las de del que y en un una es por con para se no su al lo como más o pero este esta son',
  it: 'il la le di che e un una in per con non è del della dei si da al come sono più anche questo gli ma alla',
  pt: 'o a os as de do da dos das que e em um uma para com não é por se no na como mais ao são mas ou',
  nl: 'de het een en van in is dat op te zijn voor met niet aan er om ook als maar door bij worden of kan deze',
  sv: 'och att det i en är som på för av med inte den till ett om har de kan från eller men vi vara så',
  da: 'og at det i en er som på for af med ikke den til et om har de kan fra eller men vi være så',
  nb: 'og at det i en er som på for av med ikke den til et om har de kan fra eller men vi være så',
  pl: 'i w na z do się nie jest to że o jak po przez dla są od oraz ale może tak co lub które który',
  cs: 'a v na se je že z do to s o ve za by jako pro jsou po ale od nebo které který tak také může',
  ro: 'și de la în un o a cu nu pe este care să din pentru că mai sunt sau prin ca ce este dar',
  tr: 've bir bu için ile de da olarak olan daha çok en gibi ne var sonra kadar olduğu veya değil ama',
  id: 'yang dan di dari untuk dengan ini itu pada adalah tidak dalam akan ke atau juga dapat oleh sebagai karena',
  fi: 'ja on ei se että oli joka mutta tai ovat kun hän myös sekä kuin voi niin ne ole jos tämä',
  hu: 'a az és hogy nem is egy ez van meg de ha csak mint vagy volt lehet azt el már még',
  ru: 'и в не на я что с по это как к из для от но а его так же у за быть или может',
  uk: 'і в не на я що з по це як до із для від але а його так же у за бути або може та є',
  bg: 'и в на да не се е от за с по което че са като но или до може при след тази това',
};
const TABLE = new Map(Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))]));

/** An answer of fewer words is not judged. */
const FEWEST_WORDS = 20;
/** Share of function words that makes a language sure, and how many times the declared language's it must be. */
const SURE = 0.2;
const TIMES = 2.5;

/** The language that a text is surely in, if it is not the declared one; null when it may be the declared one, or nobody can tell. */
export function otherLanguage(text: string, declared: string): string | null {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]{2,}/gu) ?? [];
  const own = TABLE.get(declared === 'no' ? 'nb' : declared);
  if (words.length < FEWEST_WORDS || !own) return null;
  const share = (known: ReadonlySet<string>) => words.filter((word) => known.has(word)).length / words.length;
  const [best, most] = [...TABLE].map(([language, known]) => [language, share(known)] as const).reduce((a, b) => (b[1] > a[1] ? b : a));
  return most >= SURE && most >= TIMES * share(own) ? best : null;
}
