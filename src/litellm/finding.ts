/** What is wrong with a configuration, before it becomes text. */
import type { Position } from '../errors.ts';
import type { Config } from './read-config.ts';

/** error: the proxy punishes it. warning: it is silently not what was meant. note: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export interface Finding {
  severity: Severity;
  /** stable id such as `litellm/fallbacks-map`; tests compare this, never the wording */
  code: string;
  at: Position;
  what: string;
  /** what the real proxy does with it */
  proxy: string;
  fix: string;
}

export interface Rule {
  check: (config: Config) => Finding[];
  /** Mends `config.doc` in place where only one thing can have been meant; tells what it did, a sentence each. */
  repair?: (config: Config) => string[];
}

const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** By line, then column, then weight. */
export function sortFindings(findings: Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => a.at.line - b.at.line || a.at.column - b.at.column || ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
}
