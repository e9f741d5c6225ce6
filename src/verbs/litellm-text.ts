/** What was found in a LiteLLM configuration, for people and for programs. */
import type { Finding, Severity } from '../litellm/finding.ts';
import { MEASURED } from '../litellm/names.ts';
import { wrap } from '../reporters/terminal.ts';

export interface Told {
  file: string;
  findings: Finding[];
  /** what --fix changed; null without --fix */
  done: string[] | null;
}

export function checkText({ file, findings, done }: Told, width: number): string {
  const fixed = (done ?? []).map((one) => `fixed: ${one}`);
  if (done?.length === 0) fixed.push('there is nothing to fix that could only have been meant in one way');
  const found = findings.map((finding) => findingText(finding, width));
  return `${[...(fixed.length > 0 ? [fixed.join('\n')] : []), ...found, summary(file, findings, done !== null)].join('\n\n')}\n`;
}

function findingText({ severity, at, what, proxy, fix }: Finding, width: number): string {
  const line = (name: string, text: string) => {
    const [first = '', ...more] = wrap(text, Math.max(40, width - 11));
    return [`  ${`${name}:`.padEnd(8)} ${first}`, ...more.map((rest) => `           ${rest}`)].join('\n');
  };
  return `${at.file}:${at.line}:${at.column}  ${severity}  ${what}\n${line('LiteLLM', proxy)}\n${line('fix', fix)}`;
}

function summary(file: string, findings: Finding[], isMended: boolean): string {
  const left = isMended ? ' left' : '';
  if (findings.length === 0)
    return `${file}: nothing${isMended ? ' left' : ' found'} that LiteLLM ${MEASURED} would do otherwise than it is written`;
  const counts = (['error', 'warning', 'note'] as const).map((severity) => [count(findings, severity), severity] as const);
  const parts = counts.filter(([n]) => n > 0).map(([n, severity]) => `${n} ${severity}${n === 1 ? '' : 's'}`);
  return `${file}: ${parts.join(', ')}${left} (measured on LiteLLM ${MEASURED})`;
}

function count(findings: Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

export function checkJson({ file, findings, done }: Told): string {
  const rows = findings.map(({ at, ...rest }) => ({ ...rest, line: at.line, column: at.column }));
  const counts = { errors: count(findings, 'error'), warnings: count(findings, 'warning'), notes: count(findings, 'note') };
  return `${JSON.stringify({ file, litellm: MEASURED, ...counts, findings: rows, ...(done !== null && { fixed: done }) }, null, 2)}\n`;
}
