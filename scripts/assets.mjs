/** Text assets of the HTML report: templates and styles as they are, the page's own TypeScript bundled and minified. Used by the build and by vitest. */
import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';

export const ASSET = /\.(hbs|css)$|\/page\.ts\?script$/;

/** @param {string} path @returns {string} the asset's text */
export function assetText(path) {
  if (!path.includes('?script')) return readFileSync(path, 'utf8');
  const result = buildSync({
    entryPoints: [path.replace('?script', '')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    charset: 'utf8',
  });
  return result.outputFiles[0].text.replaceAll('</script', '<\\/script');
}
