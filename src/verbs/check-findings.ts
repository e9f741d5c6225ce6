/** What `onpar check` finds in the elements of a suite: a table of kinds, and how they are told. */
import type { Position } from '../errors.ts';
import { plural } from '../reporters/text.ts';

interface FindingKind {
  /** a warning fails `--strict`; a note is for information, since it may well be meant */
  isWarning: boolean;
  /** places shown without `--list` */
  shown: number;
  /** said of `n` findings */
  title: (n: number) => string;
  fix: string;
}

const SHOWN = 10;
const warning = { isWarning: true, shown: SHOWN } as const;
const note = { isWarning: false, shown: SHOWN } as const;
const elements = (n: number) => plural(n, 'element');

export const findingKinds = {
  echo: {
    ...warning,
    title: (n) => `${elements(n)} already in the prompt: repeating it would earn ${n === 1 ? 'it' : 'them'}`,
    fix: 'ask for what the prompt does not say',
  },
  same: {
    ...warning,
    title: (n) => `${elements(n)} the same as another of the case: one word earns both`,
    fix: 'drop one; to let it count more, give it a weight',
  },
  implied: {
    ...warning,
    title: (n) => `${elements(n)} met by whatever meets another of the case`,
    fix: 'drop the wider one, or ask for something else in its place',
  },
  overlap: {
    ...warning,
    title: (n) => `${elements(n)} with words that meet another of the case too: one word earns both`,
    fix: 'leave the word in one of the two',
  },
  contradiction: {
    ...warning,
    title: (n) => `${elements(n)} that cannot be met together with another of the case`,
    fix: 'drop one; words that are as good belong into one list',
  },
  same_case: {
    ...warning,
    title: (n) => `${plural(n, 'case')} with the prompt of an earlier one: the bounds take the two for independent`,
    fix: 'drop one; for more answers to one prompt set samples',
  },
  never_met: {
    ...warning,
    title: (n) => `${elements(n)} that no recorded answer meets, of the baseline or any other model`,
    fix: 'correct it, or allow other words: it lowers every score alike',
  },
  always_forbidden: {
    ...warning,
    title: (n) => `${elements(n)} that every sample of the baseline fails by what must not be there`,
    fix: 'reword it: as it is, the baseline scores 0 in this case',
  },
  baseline_misses: {
    ...note,
    title: (n) => `${elements(n)} that the baseline misses in its few samples, or that another model meets`,
    fix: 'read the answers: correct the element if it asks for too much',
  },
  always_met: {
    ...note,
    shown: 0,
    title: (n) => `${elements(n)} that every recorded answer of every model meets: no model is told from another`,
    fix: 'nothing, if they guard against worse models; else ask for something less obvious',
  },
} as const satisfies Record<string, FindingKind>;

export interface Finding {
  kind: keyof typeof findingKinds;
  at: Position;
  /** what is special about this one: `case "x": UX | user experience` */
  what: string;
}

/** Findings of a suite by kind: how many, and those that are shown. Of a large suite they are not all held. */
export type Findings = Map<Finding['kind'], { count: number; listed: Finding[] }>;

export function addFindings(findings: Findings, found: readonly Finding[], isAll: boolean): void {
  for (const one of found) {
    const own = findings.get(one.kind) ?? { count: 0, listed: [] };
    own.count++;
    if (isAll || own.listed.length < findingKinds[one.kind].shown) own.listed.push(one);
    findings.set(one.kind, own);
  }
}

/** Lines of a suite, kind by kind in the order of the table: what it is, how to fix it, and the places. */
export function findingLines(findings: Findings): string[] {
  return Object.entries(findingKinds).flatMap(([kind, { isWarning, title, fix }]) => {
    const own = findings.get(kind as Finding['kind']);
    if (own === undefined) return [];
    const { count, listed } = own;
    const left = count - listed.length;
    return [
      `  ${(isWarning ? 'warning' : 'note').padEnd(11)}${title(count)}`,
      `             fix: ${fix}`,
      ...listed.map(({ at, what }) => `    ${at.file}:${at.line}:${at.column}  ${what}`),
      ...(left === 0 ? [] : [`    ${listed.length === 0 ? '--list names them' : `and ${left} more: --list names them`}`]),
    ];
  });
}

export function warningsAmong(findings: Findings): number {
  return [...findings].reduce((sum, [kind, { count }]) => sum + (findingKinds[kind].isWarning ? count : 0), 0);
}
