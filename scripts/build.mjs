/** src/ → dist/: the command (one file, and V8's code cache of it), the embedding worker and the hybrid client, packages inside. */
import { dirname, resolve } from 'node:path';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { assetModule } from './assets.mjs';
import { isNewer } from './is-newer.mjs';
import { rehearse } from './rehearsal.mjs';

const root = new URL('..', import.meta.url).pathname;
const stamp = `${root}dist/built-by`;
if (
  isNewer(
    stamp,
    ['src', 'scripts', 'fixtures/servers', 'package.json', 'package-lock.json'].map((name) => root + name),
  )
)
  process.exit();

const assets = {
  name: 'assets',
  setup(b) {
    b.onResolve({ filter: /\.(hbs|css)$|\?script$/ }, (args) => ({ path: resolve(dirname(args.importer), args.path), namespace: 'asset' }));
    b.onLoad({ filter: /.*/, namespace: 'asset' }, (args) => ({ contents: assetModule(args.path), loader: 'js' }));
  },
};
/** Never used, and 10 ms of every run: source maps of templates, and HTTP/2, which src/sockets.ts does not offer. */
const unused = {
  name: 'unused',
  setup(b) {
    const contents = "module.exports = () => { throw new Error('left out of the build') };";
    const filter = /^source-map$|\/client-h2(\.js)?$/;
    b.onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }));
    b.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents, loader: 'js' }));
  },
};
/** 50,000 objects in source text take four times as long to load as the same in JSON, which stays out of the bundle. */
const languageData = {
  name: 'language-data',
  setup(b) {
    b.onLoad({ filter: /\/eld\/src\/ngrams\/\w+\.js$/ }, async ({ path }) => {
      const { ngramsData } = await import(path);
      writeFileSync(`${root}dist/languages.json`, JSON.stringify(ngramsData));
      const contents = `import { readFileSync } from 'node:fs';
        export const ngramsData = JSON.parse(readFileSync(new URL('languages.json', import.meta.url), 'utf8'));`;
      return { contents, loader: 'js' };
    });
  },
};

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  // native or large, and loaded only where they are needed
  external: ['@xenova/transformers', 'mathjs', '@pydantic/genai-prices'],
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  plugins: [assets, unused, languageData],
};

rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist`);
await Promise.all([
  build({
    ...common,
    entryPoints: { bin: 'src/bin.ts', hybrid: 'src/hybrid-client.ts', 'embed/worker': 'src/embed/worker.ts' },
    format: 'esm',
    splitting: true,
    // packages in CommonJS ask for it
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  }),
  // one function in CommonJS: a code cache knows neither import() nor other files
  build({
    ...common,
    entryPoints: { command: 'src/cli.ts' },
    format: 'cjs',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: {
      js: "(function (exports, require, module, __filename) { 'use strict'; const __url = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
    legalComments: 'linked',
  }),
]);

const filename = `${root}dist/command.js`;
// esbuild leaves regular expressions as they are; a text of ASCII is read and held as bytes
const source = readFileSync(filename, 'utf8').replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
writeFileSync(filename, source);
const script = new Script(source, { filename });
const command = { exports: {} };
script.runInThisContext()(command.exports, createRequire(filename), command, filename);
await rehearse(command.exports.main);
writeFileSync(`${root}dist/command.cache`, script.createCachedData());
writeFileSync(stamp, process.version);
