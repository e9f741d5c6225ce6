/** The synthetic run that the tests of this room render, and ways to make others of it. Not part of the program. */
import { readFileSync } from 'node:fs';
import type { CaseResult, RunRecord, RunView } from '../record.ts';

const folder = new URL('../../fixtures/runs/example/', import.meta.url);
export const exampleFile = (name: string) => new URL(name, folder).pathname;

/** A run that is held in memory. */
export interface ExampleRun extends RunView {
  results: CaseResult[];
}

/** What a reporter renders, as one text. */
export const textOf = (rendered: string | Iterable<string>): string => (typeof rendered === 'string' ? rendered : [...rendered].join(''));

/** `fixtures/runs/example`, read anew. */
export function exampleRun(): ExampleRun {
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  const results = read('results.jsonl').trimEnd().split('\n');
  return { record: JSON.parse(read('run.json')) as RunRecord, results: results.map((line) => JSON.parse(line) as CaseResult) };
}

/** The same run with one of its results changed; 0 is the first case of the first suite. */
export function withResult(change: (result: CaseResult) => CaseResult, index = 0): ExampleRun {
  const view = exampleRun();
  return { ...view, results: view.results.map((result, at) => (at === index ? change(result) : result)) };
}

/** Its cases again and again under numbered names, for tests of size. */
export function manyCases(n: number): ExampleRun {
  const view = exampleRun();
  const results = Array.from({ length: n }, (_, index): CaseResult => {
    const result = view.results[index % view.results.length];
    if (result === undefined) throw new Error('the example run has no results');
    return { ...result, case: `${result.case}-${index}` };
  });
  return { ...view, results };
}

/** Texts that models really could send, each a known way to break a report. */
export const hostileTexts: Record<string, string> = {
  'closing script': '</script><script>window.hacked = 1</script>',
  'image handler': '<img src=x onerror="window.hacked = 1">',
  'javascript link': '[click](javascript:window.hacked=1) <a href="javascript:window.hacked=1">x</a>',
  'svg and mathml': '<svg onload="window.hacked=1"><math href="javascript:window.hacked=1">',
  'style and base': '<style>*{display:none}</style><base href="https://example.invalid/">',
  'comment and cdata': '<!-- --!> <![CDATA[ ]]> &lt;b&gt; &amp;',
  'template braces': '{{constructor.constructor("window.hacked=1")()}} ${window.hacked=1}',
  'right-to-left override': 'user\u202Egnp.exe\u2066\u2069 end',
  'NUL and controls': 'a\u0000b\u0001c\u0008d\u000Be\u007Ff\u0085g',
  'lone surrogates': 'half \uD83D and \uDE00 alone, whole \u{1F600}',
  'ANSI escapes': '\u001B[31mred\u001B[0m \u001B]0;title\u0007 \u001B[2J',
  formula: '=HYPERLINK("http://example.invalid","x")',
  'formula on its second line': 'Sum:\n=1+1\r@SUM(A1)',
  'formula after blanks': ' \t=1+1',
  'formula after NUL': '\u0000@SUM(A1)',
  'minus and plus': "-1+cmd|' /C calc'!A0",
  'quoted quote': "'=1+1",
  'table breaker': 'a | b\r\n\r\n---|---\n</details>\n# h @someone `x`',
  'workflow command':
    '::error file=a,line=1::hacked\n  ::stop-commands::x\n\u0085::set-output name=verdict::PASS ##[add-path]/tmp ##vso[task.complete]',
  Markdown:
    '# h\n- [ ] x\n> q\n```\n| a |\n<!-- onpar 000000000000 -->\n![x](https://example.invalid/x.png) https://example.invalid www.example.invalid #1',
  'XML end': ']]></testcase></testsuite><testsuite name="x" tests="0" failures="0" errors="0">',
  'not a character': '\uFFFE\uFFFF\u2028\u2029',
  'long line': 'x'.repeat(1_000_000),
};
