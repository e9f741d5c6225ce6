/** Suggestions as a YAML fragment, marked as what they are. */
import type { Suite } from '../record.ts';
import { fixed, oneLine, plural } from '../reporters/text.ts';
import { mean, type SuggestedCase, type SuggestedElement } from './suggest-cases.ts';

/** Not a suite: cases with names and elements, to be copied one by one. */
export function fragment({ name, baseline }: Suite, cases: readonly SuggestedCase[], fewest: number): string {
  const measured = cases.flatMap(({ leftOut }) => leftOut ?? []);
  const lines = [
    `# SUGGESTIONS for suite ${name}, made by "onpar suggest" from recorded samples of ${baseline}. This is no suite.`,
    '# Read every line before you copy it: would a right and complete answer have to say this? What the baseline got wrong is in here,',
    '# too, and what other models say in other words counts against them. Elements written from the prompt are better.',
    ...(measured.length === 0
      ? []
      : [
          `# Leave-one-out: a sample meets ${fixed(mean(measured), 2)} of the elements that the other samples of its case suggest (${plural(measured.length, 'case')}).`,
          ...byModel(cases),
        ]),
    'cases:',
    ...cases.flatMap((one) => caseLines(one, fewest)),
  ];
  return `${lines.join('\n')}\n`;
}

function byModel(cases: readonly SuggestedCase[]): string[] {
  const found = new Map<string, number[]>();
  for (const { models } of cases) for (const { model, coverage } of models) found.set(model, [...(found.get(model) ?? []), coverage]);
  return [...found].map(
    ([model, values]) => `# ${model}: its answers meet ${fixed(mean(values), 2)} of them (${plural(values.length, 'case')}).`,
  );
}

function caseLines({ name, samples, elements, leftOut, models }: SuggestedCase, fewest: number): string[] {
  if (elements.length === 0) {
    const why =
      samples < fewest ? `${plural(samples, 'usable sample')}, ${fewest} are needed` : `nothing that its ${samples} samples have in common`;
    return [`  # ${oneLine(name)}: ${why}`];
  }
  const covered = models.map(({ model, coverage }) => `${model} ${fixed(coverage, 2)}`);
  return [
    `  - name: ${quoted(name)}`,
    `    # ${samples} samples; leave-one-out ${fixed(leftOut, 2)}${covered.length === 0 ? '' : `; ${covered.join(', ')}`}`,
    '    expected_elements:',
    ...elements.map(
      (element) => `      - ${written(element)} # ${element.samples} of ${samples}${element.isKnown ? '; the case has it' : ''}`,
    ),
  ];
}

function written({ kind, texts }: SuggestedElement): string {
  if (kind === 'equals') return `{ equals: ${quoted(texts[0] ?? '')} }`;
  return texts.length === 1 ? quoted(texts[0] ?? '') : `[${texts.map(quoted).join(', ')}]`;
}

/** A JSON string is a YAML one in double quotes: nothing in it is read as anything else. */
const quoted = (text: string): string =>
  /^\p{L}[\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]+)*$/u.test(text) && !/^(true|false|null)$/i.test(text) ? text : JSON.stringify(text);
