/** What the doctor found as text: a block a model, and at the end what blocks the suites, with how to mend it. */
import type { Diagnosis, Finding, Status } from '../models/doctor/index.ts';
import { painter, wrap } from '../reporters/terminal.ts';
import { oneLine } from '../reporters/text.ts';

type Colour = NonNullable<Parameters<ReturnType<typeof painter>>[1]>;

const MARKS: Record<Status, [string, Colour]> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  blocks: ['✗', 'red'],
  info: ['·', 'dim'],
  unknown: ['·', 'dim'],
};
const CHECK_WIDTH = 13;
/** Marks, check and blanks before the text of a row. */
const INDENT = 4 + CHECK_WIDTH;

export interface TextOptions {
  width: number;
  colour: boolean;
}

export function diagnosisText({ model, provider, address, id, findings }: Diagnosis, { width, colour }: TextOptions): string {
  const paint = painter(colour);
  const columns = widthOf(width);
  const where = [provider, address, id === model ? null : id].filter((part) => part !== null).join(' · ');
  const rows = findings.flatMap((finding) => row(finding, columns, paint));
  return [paint(oneLine(model, 76), 'bold'), ...wrap(oneLine(where), columns - 2).map((l) => `  ${paint(l, 'dim')}`), ...rows, '', ''].join(
    '\n',
  );
}

function row({ check, status, found, fix }: Finding, columns: number, paint: ReturnType<typeof painter>): string[] {
  const [mark, colour] = MARKS[status];
  const lines = wrap(oneLine(found, 400), columns - INDENT);
  // what blocks is mended at the end, all in one place
  const mended = fix === null || status === 'blocks' ? [] : wrap(`→ ${oneLine(fix)}`, columns - INDENT).map((line) => paint(line, 'dim'));
  const [first = '', ...rest] = [...lines, ...mended];
  return [`  ${paint(mark, colour)} ${check.padEnd(CHECK_WIDTH)}${first}`, ...rest.map((line) => ' '.repeat(INDENT) + line)];
}

/** A model that nobody is asked for. */
export function unprobedText(model: string, why: string, { width, colour }: TextOptions): string {
  const paint = painter(colour);
  return [paint(oneLine(model, 76), 'bold'), ...wrap(why, widthOf(width) - 2).map((line) => `  ${paint(line, 'dim')}`), '', ''].join('\n');
}

export function endText(all: readonly { diagnosis: Diagnosis; suites: readonly string[] }[], { width, colour }: TextOptions): string {
  const paint = painter(colour);
  const columns = widthOf(width);
  const items = all.flatMap(({ diagnosis: { model, findings }, suites }) =>
    findings
      .filter(({ status }) => status === 'blocks')
      .flatMap(({ check, found, fix }) => [
        ...hang(
          `${paint('✗', 'red')} `,
          2,
          `${model}, ${check}${suites.length > 0 ? ` (${suites.join(', ')})` : ''}: ${oneLine(found, 400)}`,
          columns,
        ),
        ...(fix === null ? [] : hang('  fix: ', 7, oneLine(fix), columns)),
      ]),
  );
  if (items.length === 0) return 'nothing blocks\n';
  return `${paint('blocks the suites:', 'bold')}\n${items.join('\n')}\n`;
}

function hang(head: string, indent: number, text: string, columns: number): string[] {
  return wrap(text, columns - indent - 2).map((line, index) => `  ${index === 0 ? head : ' '.repeat(indent)}${line}`);
}

const widthOf = (width: number): number => Math.max(60, Math.min(100, width));
