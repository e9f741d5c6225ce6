/** Assets of the HTML report as modules: templates compiled, styles as they are, the page's own TypeScript bundled and minified. Used by the build and by vitest. */
import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import Handlebars from 'handlebars';

export const ASSET = /\.(hbs|css)$|\/page\.ts\?script$/;

/** @param {string} path @returns {string} source of a module whose default export is the template's specification, or the text */
export function assetModule(path) {
  const value = path.endsWith('.hbs')
    ? Handlebars.precompile(readFileSync(path, 'utf8'), { strict: true, preventIndent: true })
    : JSON.stringify(path.includes('?script') ? scriptText(path.replace('?script', '')) : readFileSync(path, 'utf8'));
  return `export default ${String(value)};`;
}

/** @param {string} entry */
function scriptText(entry) {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    charset: 'utf8',
  });
  return result.outputFiles[0].text.replaceAll('</script', '<\\/script');
}
