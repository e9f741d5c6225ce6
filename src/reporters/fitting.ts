/** Parts of a Markdown page in the order of their weight, joined as long as they fit. A part stays whole; what is left out is said. */
export function joinFitting(parts: readonly string[], mostBytes: number): string {
  const said = (left: number) => `\n${left} more ${left === 1 ? 'section' : 'sections'} in report.html.\n`;
  const room = mostBytes - said(parts.length).length;
  const kept: string[] = [];
  let bytes = 0;
  let left = 0;
  for (const part of parts.filter((one) => one !== '')) {
    const size = Buffer.byteLength(part) + 2;
    if (bytes + size > room) left++;
    else {
      kept.push(part);
      bytes += size;
    }
  }
  return `${kept.join('\n\n')}\n${left === 0 ? '' : said(left)}`;
}
