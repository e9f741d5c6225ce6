/**
 * An answer as Markdown. The parser's tokens become elements and text nodes one by one: no HTML is ever parsed, so what is not
 * in this file cannot appear. HTML in an answer is shown as text, a picture as its alternative text, a link with its address.
 */
import { Lexer, type Token, type Tokens } from 'marked';
import { h } from './dom.ts';
import { markedText, markOf, pieces, visible, type Mark } from './marked-text.ts';

/** of an answer that is rendered: some inputs take the parser time that grows with their square */
const RENDERED = 20_000;
/** Blocks and spans inside each other; what lies deeper is shown as it is written. */
const DEPTH = 10;
/** Stand for the beginning and the end of a mark while the text is parsed: private use, so neither word, blank nor punctuation. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const EDGES = /[\uE000\uE001]/g;

/** Marks of a text being rendered, in order: `next` is the first not yet begun, `open` the one that is. */
interface Marking {
  runs: Mark[][];
  next: number;
  open: Mark[] | null;
}

/** Text nodes, with marks that the sentinels in it begin and end. */
function textNodes(text: string, marking: Marking): Node[] {
  return text.split(/([\uE000\uE001])/).flatMap((part) => {
    if (part === OPEN) marking.open = marking.runs[marking.next++] ?? null;
    else if (part === CLOSE) marking.open = null;
    else if (part !== '') return marking.open === null ? visible(part) : [markOf(marking.open, ...visible(part))];
    return [];
  });
}

/** The same text without sentinels, whose marks are passed over. */
function without(text: string, marking: Marking): string {
  for (const [edge] of text.matchAll(EDGES)) {
    if (edge === OPEN) marking.next++;
    else marking.open = null;
  }
  return text.replace(EDGES, '');
}

function link({ href, text }: Tokens.Link, inside: Node[], marking: Marking): Node[] {
  const address = without(href, marking);
  const isWeb = /^https?:\/\//i.test(address);
  const shown = text.replace(EDGES, '');
  const note = shown === address || `mailto:${shown}` === address ? [] : [h('span', { class: 'address' }, ' (', ...visible(address), ')')];
  if (!isWeb) return [...inside, ...note];
  return [h('a', { href: address, rel: 'noreferrer noopener', target: '_blank' }, ...inside), ...note];
}

function table({ header, rows, align }: Tokens.Table, inline: (tokens: Token[]) => Node[]): HTMLElement {
  const cell = (tag: 'th' | 'td', tokens: Token[], column: number) =>
    h(tag, align[column] ? { class: align[column] } : {}, ...inline(tokens));
  const head = h('tr', {}, ...header.map(({ tokens }, column) => cell('th', tokens, column)));
  const body = rows.map((row) => h('tr', {}, ...row.map(({ tokens }, column) => cell('td', tokens, column))));
  return h(
    'div',
    { class: 'wide', tabindex: '0', role: 'group', 'aria-label': 'Table of the answer' },
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...body)),
  );
}

function list({ ordered, start, items }: Tokens.List, inside: (tokens: Token[]) => Node[]): HTMLElement {
  const all = items.map((item) => h('li', {}, ...inside(item.tokens)));
  return ordered ? h('ol', start === '' || start === 1 ? {} : { start: String(start) }, ...all) : h('ul', {}, ...all);
}

function nodeOf(token: Token, marking: Marking, depth: number): Node[] {
  const inside = (tokens: Token[] | undefined) => (tokens ?? []).flatMap((one) => nodeOf(one, marking, depth + 1));
  if (depth > DEPTH) return textNodes(token.raw, marking);
  switch (token.type) {
    case 'space':
    case 'def':
      without(token.raw, marking);
      return [];
    case 'heading':
      // below the headings of the page, and no headings of it
      return [h('p', { class: `heading level-${(token as Tokens.Heading).depth}` }, ...inside(token.tokens))];
    case 'paragraph':
      return [h('p', {}, ...inside(token.tokens))];
    case 'blockquote':
      return [h('blockquote', {}, ...inside(token.tokens))];
    case 'list':
      return [list(token as Tokens.List, inside)];
    case 'checkbox':
      return [document.createTextNode((token as Tokens.Checkbox).checked ? '☑ ' : '☐ ')];
    case 'table':
      return [table(token as Tokens.Table, inside)];
    case 'hr':
      return [h('hr')];
    case 'code':
      return [
        h(
          'pre',
          { tabindex: '0', role: 'group', 'aria-label': 'Code of the answer' },
          h('code', {}, ...textNodes((token as Tokens.Code).text, marking)),
        ),
      ];
    case 'codespan':
      return [h('code', {}, ...textNodes((token as Tokens.Codespan).text, marking))];
    case 'strong':
    case 'em':
    case 'del':
      return [h(token.type, {}, ...inside(token.tokens))];
    case 'br':
      return [h('br')];
    case 'link':
      return link(token as Tokens.Link, inside(token.tokens), marking);
    case 'image':
      without((token as Tokens.Image).href, marking);
      return [h('span', { class: 'picture' }, 'picture: ', ...textNodes((token as Tokens.Image).text || 'without a description', marking))];
    case 'escape':
      return textNodes((token as Tokens.Escape).text, marking);
    case 'html':
      return /^<br\s*\/?>\s*$/i.test(token.raw) ? [h('br')] : textNodes(token.raw, marking);
    case 'text':
      return token.tokens === undefined ? textNodes((token as Tokens.Text).text, marking) : inside(token.tokens);
    default:
      return textNodes(token.raw, marking);
  }
}

/** The text with its marks as Markdown; as plain text where the parser gives up. */
export function markdownText(text: string, marks: readonly Mark[]): HTMLElement {
  const head = text.slice(0, RENDERED).replace(EDGES, '\uFFFD');
  const parts = pieces(head, marks);
  const marking: Marking = { runs: parts.filter((part) => part.marks.length > 0).map((part) => part.marks), next: 0, open: null };
  const written = parts.map((part) => (part.marks.length === 0 ? part.text : OPEN + part.text + CLOSE)).join('');
  try {
    const box = h(
      'div',
      { class: 'markdown', dir: 'auto' },
      ...new Lexer({ gfm: true }).lex(written).flatMap((token) => nodeOf(token, marking, 0)),
    );
    if (text.length > RENDERED)
      box.append(
        h(
          'p',
          { class: 'note' },
          `The first ${RENDERED.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters; “Text” has the rest.`,
        ),
      );
    return box;
  } catch {
    // nested too deeply for the parser
    return h('div', {}, h('p', { class: 'note' }, 'This could not be read as Markdown.'), markedText(text, marks));
  }
}
