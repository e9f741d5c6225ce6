/** LaTeX as people and models write it → one plain spelling. Pure text; nothing is evaluated. */
import { dropUnit } from './units.ts';

type Rule = [RegExp, string | ((all: string, ...groups: string[]) => string)];

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const RULES: Rule[] = [
  [/^\s*(?:#+\s+)?(\*\*|__|`)([^*`]*)\1\s*$/, '$2'],
  [/^\s*#+\s+/, ''],
  // rows of a matrix, before a backslash and a space become a space
  [/\\begin\{[pbBvV]?matrix\}[\s\S]*?\\end\{[pbBvV]?matrix\}/g, (all) => all.replace(/\\\\(?:\[\w+\])?/g, ' ;; ')],
  [/\\\\(?=[a-zA-Z{}])/g, '\\'],
  [/\\boxed\s*\{(.*)\}/gs, '$1'],
  [/\\[()[\]]/g, ' '],
  [/\\(?:left|right|big|Big|bigg|Bigg|displaystyle|operatorname|rm|bf)(?![a-zA-Z])\.?/g, ''],
  [/\\[!,;:> ]|\\quad|\\qquad|~/g, ' '],
  [/\\[dtc]frac/g, '\\frac'],
  [/\\frac\s*\\pi\s*(\d)/g, '\\frac{\\pi}{$1}'],
  [/\\frac\s*(\d)\s*(\d)(?!\d)/g, '\\frac{$1}{$2}'],
  [/\\frac\s*(\d)\s*\{/g, '\\frac{$1}{'],
  [/\\frac\s*\{([^{}]*)\}\s*([\da-zA-Z])/g, '\\frac{$1}{$2}'],
  [/\\sqrt\s*(\d|[a-zA-Z])/g, '\\sqrt{$1}'],
  [/√\s*\(?(\d+)\)?/g, '\\sqrt{$1}'],
  [/\\?(?<![a-zA-Z])sqrt\s*\(([^()]*)\)/g, '\\sqrt{$1}'],
  [/\\pi(?![a-zA-Z])|π/g, ' pi '],
  [/\^\s*\{?\s*\\circ\s*\}?|°|\\degree/g, ''],
  [/\\?%|\\?\$|€|£/g, ''],
  [/\\(?:text(?:bf|it|rm)?|mathrm|mathbf|mbox)\s*\{\s*([^{}]*?)\s*\}/g, ' $1 '],
  [/\\(?:cdot|times|ast)(?![a-zA-Z])|·|×|∙/g, '*'],
  [/\\div(?![a-zA-Z])|÷/g, '/'],
  [/\+?\s*\\infty(?![a-zA-Z])|\+?∞/g, ' infinity '],
  [/\\cup(?![a-zA-Z])|∪/g, ' cup '],
  [/\\(?:leq?|leqslant)(?![a-zA-Z])|≤/g, '<='],
  [/\\(?:geq?|geqslant)(?![a-zA-Z])|≥/g, '>='],
  [/\\pm(?![a-zA-Z])|±/g, ' pm '],
  [/(\d?)([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])/g, (_, digit = '', half = '') => `${digit} ${half.normalize('NFKC').replace('⁄', '/')}`],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (run) => `^{${[...run].map((c) => SUPERSCRIPTS.indexOf(c)).join('')}}`],
  [/\\[{}]/g, (brace) => brace.slice(1)],
  [/[−–—]/g, '-'],
  [/^\s*(?:negative|minus)\s+(?=[\d.])/i, '-'],
  [/\*\*/g, '^'],
  // thousands: 1,000,000 and 1{,}000; never (1,000) as a pair of coordinates
  [/\{,\}/g, ','],
  [/(?<![\d(,[.])(\d{1,3})((?:,\d{3})+)(?![\d,)\]])/g, (_, head = '', tail = '') => head + tail.replaceAll(',', '')],
  [/(?<![\d.,])(\d{1,3})((?: \d{3})+)(?!\d|\s*\/|[^(]*\))/g, (_, head = '', tail = '') => head + tail.replaceAll(' ', '')],
];

/** Longer than any final answer is cut: the rules then take bounded time. */
const LONGEST = 2000;

export function plainLatex(text: string): string {
  let plain = text.slice(0, LONGEST);
  for (const [pattern, replacement] of RULES)
    plain = typeof replacement === 'string' ? plain.replace(pattern, replacement) : plain.replace(pattern, replacement);
  return dropUnit(plain.replace(/\s+/g, ' ').trim())
    .replace(/[.,;]$/, '')
    .trim();
}

/** "x = 5", "f(x) = 5", "(x, y) = (1, 2)", "x ∈ [0, 1)": what stands on the left is not the answer, but must not be another's. */
export function splitLeft(plain: string): { left: string | null; right: string } {
  const found =
    /^\s*([a-zA-Z](?:_\{?\w+\}?)?(?:\([a-zA-Z, ]+\))?|\([a-zA-Z](?:\s*,\s*[a-zA-Z])+\))\s*(?:=|\\in(?![a-zA-Z])|∈)\s*(?=\S)(?!.*=)/.exec(
      plain,
    );
  return found ? { left: (found[1] ?? '').replace(/\s+/g, ''), right: plain.slice(found[0].length) } : { left: null, right: plain };
}
