/** As text: case, Latin accents, white space, surrounding quotes and a final full stop aside. */
export function equalText(expected: string, got: string): boolean {
  return plain(expected) === plain(got);
}

function plain(text: string): string {
  const folded = text
    .normalize('NFKD')
    // in other scripts a mark makes another letter: й is not и, が is not か
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
  return folded.replace(/^(["'`])(.*)\1$/, '$2').replace(/\.$/, '');
}
