/** Assets of the HTML report as modules: templates compiled, styles minified, the page's own TypeScript bundled and minified. Used by the build and by vitest. */
import { readFileSync } from 'node:fs';
import { buildSync, transformSync } from 'esbuild';
import Handlebars from 'handlebars';

export const ASSET = /\.(hbs|css)$|\/page\.ts\?script$/;

/** @param {string} path @returns {string} source of a module whose default export is the template's specification, or the text */
export function assetModule(path) {
  const value = path.endsWith('.hbs')
    ? Handlebars.precompile(readFileSync(path, 'utf8'), { strict: true, preventIndent: true })
    : JSON.stringify(path.endsWith('.css') ? styleText(path) : scriptText(path.replace('?script', '')));
  return `export default ${String(value)};`;
}

/** @param {string} path */
const styleText = (path) => transformSync(readFileSync(path, 'utf8'), { loader: 'css', minify: true, charset: 'utf8' }).code;

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
