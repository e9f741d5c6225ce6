/** A configuration → what is wrong with it, and the same configuration with that mended. Nothing is asked of any server. */
import { print } from './edit.ts';
import { type Finding, sortFindings } from './finding.ts';
import { readConfig } from './read-config.ts';
import { rules } from './rules/index.ts';
import { hasDoubles } from './rules/sections.ts';

/** In the order of the file. Throws an InputError where the text is no configuration of LiteLLM. */
export function checkConfig(text: string, file: string): Finding[] {
  const config = readConfig(text, file);
  return sortFindings(Object.values(rules).flatMap(({ check }) => check(config)));
}

export interface Mended {
  text: string;
  /** what was changed, a sentence each */
  done: string[];
  /** what is left to whoever wrote the file; places are those in `text` */
  left: Finding[];
}

/** Mends where only one thing can have been meant. A file in which a key is written twice is left as it is. */
export function mendConfig(text: string, file: string): Mended {
  let config = readConfig(text, file);
  if (hasDoubles(config)) return { text, done: [], left: checkConfig(text, file) };
  const done: string[] = [];
  for (const { repair } of Object.values(rules)) {
    const told = repair?.(config) ?? [];
    if (told.length === 0) continue;
    done.push(...told);
    config = readConfig(print(config), file);
  }
  return { text: config.text, done, left: checkConfig(config.text, file) };
}
