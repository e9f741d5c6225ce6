/** Language detection by ELD's letter n-grams (60 languages). Its data take about 60 ms to load, so they are loaded only where they are needed. */

export interface Detector {
  /** scores 0..1 by language code, the likeliest first; empty when nothing can be told */
  detect: (text: string) => Map<string, number>;
  /** the codes that it can tell */
  languages: ReadonlySet<string>;
}

/** Languages that letters alone do not tell apart, or that have several codes, by the code that stands for them here. */
const SAME: Record<string, string> = { nb: 'no', nn: 'no', id: 'ms', bs: 'hr', sr: 'hr', iw: 'he', fil: 'tl' };

/** The code under which a BCP 47 language is known here: "pt-BR" is "pt". */
export function languageCode(tag: string): string {
  const code = tag.toLowerCase().split('-')[0] ?? '';
  return SAME[code] ?? code;
}

let loaded: Promise<Detector> | null = null;

export function loadDetector(): Promise<Detector> {
  loaded ??= import('eld/extrasmall').then(({ eld }) => ({
    languages: new Set(Object.values(eld.info().Languages).map(languageCode)),
    detect: (text) => {
      const scores = new Map<string, number>();
      for (const [code, score] of Object.entries(eld.detect(text).getScores())) {
        const known = languageCode(code);
        scores.set(known, Math.max(score, scores.get(known) ?? 0));
      }
      return scores;
    },
  }));
  return loaded;
}
