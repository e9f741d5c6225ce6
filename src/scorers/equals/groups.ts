/** A plain LaTeX answer → its parts: tuples, intervals, sets, lists, unions, matrices, ±. */

/** `open` and `close` are '' for a bare list; `isOrdered` is false for sets, bare lists and unions. */
export interface Group {
  open: string;
  close: string;
  parts: string[];
  isOrdered: boolean;
}

/** One part and no brackets where the text is a single expression. */
export function splitGroup(text: string): Group {
  const trimmed = text.trim();
  const matrix = splitMatrix(trimmed);
  if (matrix) return matrix;
  const union = splitTop(trimmed, / cup /y);
  if (union.length > 1) return { open: 'cup', close: '', parts: union, isOrdered: false };
  const isBracketed = isOneGroup(trimmed);
  const [open, close] = isBracketed ? [trimmed[0] ?? '', trimmed.at(-1) ?? ''] : ['', ''];
  const parts = splitTop(isBracketed ? trimmed.slice(1, -1) : trimmed, /,|;| and | or /y);
  if (open === '{' || open === '') return { open: '', close: '', parts: parts.flatMap(bothSigns), isOrdered: false };
  return parts.length === 1 ? { open: '', close: '', parts: [trimmed], isOrdered: false } : { open, close, parts, isOrdered: true };
}

function splitMatrix(text: string): Group | null {
  const found = /^\\begin\s*\{([pbBvV]?)matrix\}([\s\S]*)\\end\s*\{\1matrix\}$/.exec(text);
  if (!found) return null;
  const rows = (found[2] ?? '')
    .split(';;')
    .filter((row) => row.trim() !== '')
    .map((row) => row.split('&').map((cell) => cell.trim()));
  // a determinant is a number, not a matrix
  const kind = /[vV]/.test(found[1] ?? '') ? 'determinant' : 'matrix';
  return { open: `${kind} ${rows.map((row) => row.length).join()}`, close: '', parts: rows.flat(), isOrdered: true };
}

/** `2 ± 3` is two answers. */
function bothSigns(part: string): string[] {
  return part.split(/\bpm\b/).length === 2 ? ['+', '-'].map((sign) => part.replace(/\s*\bpm\b\s*/, sign)) : [part];
}

function isOneGroup(text: string): boolean {
  if (!/^[([{]/.test(text) || !/[)\]}]$/.test(text)) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i] ?? '')) depth++;
    else if (')]}'.includes(text[i] ?? '')) depth--;
    if (depth === 0) return i === text.length - 1;
  }
  return false;
}

/** `separator` is sticky; what stands in brackets is not split. */
function splitTop(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (depth > 0) continue;
    separator.lastIndex = i;
    const found = separator.exec(text)?.[0];
    if (found === undefined) continue;
    parts.push(text.slice(start, i));
    start = i + found.length;
    i = start - 1;
  }
  return [...parts, text.slice(start)].map((p) => p.trim()).filter((p) => p !== '');
}
