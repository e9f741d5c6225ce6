/** Literals of Python and JSON as values: `(1, 2)`, `[(4, 1)]`, `{'a': 1}`, `None`, `true`, `set()`, quotes of either kind. */

/** Containers keep their kind, for `(1,)` is not `[1]`; `digits` are a number as written. */
export type Literal =
  | { kind: 'text' | 'bytes'; value: string }
  | { kind: 'number'; digits: string }
  | { kind: 'name'; value: 'none' | 'true' | 'false' }
  | { kind: 'list' | 'tuple' | 'set'; items: Literal[] }
  | { kind: 'dict'; items: [Literal, Literal][] };

const DEEPEST = 100;

/** Null when the text is not one whole literal. */
export function parseLiteral(text: string): Literal | null {
  try {
    const reader = new Reader(text);
    const value = reader.value(0);
    return reader.isDone() ? value : null;
  } catch {
    return null;
  }
}

class NotALiteral extends Error {}

class Reader {
  private at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  isDone(): boolean {
    this.skip();
    return this.at === this.text.length;
  }

  value(depth: number): Literal {
    if (depth > DEEPEST) throw new NotALiteral();
    this.skip();
    const char = this.text[this.at] ?? '';
    if (char === '[') return { kind: 'list', items: this.items(']', depth).items };
    if (char === '(') return this.tuple(depth);
    if (char === '{') return this.braces(depth);
    if (this.takes('set()')) return { kind: 'set', items: [] };
    return this.quoted() ?? this.word();
  }

  private tuple(depth: number): Literal {
    const { items, hasComma } = this.items(')', depth);
    return items.length === 1 && !hasComma ? (items[0] as Literal) : { kind: 'tuple', items };
  }

  private items(close: string, depth: number): { items: Literal[]; hasComma: boolean } {
    const items: Literal[] = [];
    let hasComma = false;
    this.at++;
    while (!this.takes(close)) {
      items.push(this.value(depth + 1));
      if (this.takes(',')) hasComma = true;
      else if (!this.sees(close)) throw new NotALiteral();
    }
    return { items, hasComma };
  }

  private braces(depth: number): Literal {
    this.at++;
    const keys: Literal[] = [];
    const pairs: [Literal, Literal][] = [];
    while (!this.takes('}')) {
      const key = this.value(depth + 1);
      if (this.takes(':')) pairs.push([key, this.value(depth + 1)]);
      else keys.push(key);
      if (!this.takes(',') && !this.sees('}')) throw new NotALiteral();
    }
    if (keys.length > 0 && pairs.length > 0) throw new NotALiteral();
    return keys.length > 0 ? { kind: 'set', items: keys } : { kind: 'dict', items: pairs };
  }

  private quoted(): Literal | null {
    const match = /([bB]?)("""|'''|"|')/y;
    match.lastIndex = this.at;
    const open = match.exec(this.text);
    if (!open) return null;
    const quote = open[2] ?? '"';
    let value = '';
    for (this.at += open[0].length; !this.text.startsWith(quote, this.at);) {
      if (this.at >= this.text.length) throw new NotALiteral();
      value += this.text[this.at] === '\\' ? this.escape() : this.text[this.at++];
    }
    this.at += quote.length;
    return { kind: open[1] ? 'bytes' : 'text', value };
  }

  private escape(): string {
    const match = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (!found) throw new NotALiteral();
    this.at += found[0].length;
    const [all, hex, unicode, char = ''] = found;
    if (hex ?? unicode) return String.fromCharCode(parseInt(hex ?? unicode ?? '', 16));
    return (
      { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '0': '\0', '\\': '\\', "'": "'", '"': '"', '/': '/', '\n': '' }[
        char
      ] ?? all
    );
  }

  private word(): Literal {
    const match = /(None|null|True|true|False|false)\b|[+-]?(?:\d[\d_]*)(\.\d*)?(e[+-]?\d+)?|[+-]?\.\d+(?:e[+-]?\d+)?/iy;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (!found || found[0] === '') throw new NotALiteral();
    this.at += found[0].length;
    if (found[1]) {
      const name = found[1].toLowerCase();
      return { kind: 'name', value: name === 'null' || name === 'none' ? 'none' : name === 'true' ? 'true' : 'false' };
    }
    return { kind: 'number', digits: found[0].replaceAll('_', '') };
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private sees(token: string): boolean {
    this.skip();
    return this.text.startsWith(token, this.at);
  }

  private takes(token: string): boolean {
    const isThere = this.sees(token);
    if (isThere) this.at += token.length;
    return isThere;
  }
}
