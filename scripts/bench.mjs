/** Bundles benchmarks/<name>.ts and runs it: node scripts/bench.mjs NAME [ARGS] */
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const [name, ...args] = process.argv.slice(2);
const root = new URL('..', import.meta.url).pathname;
const outfile = `${root}dist/benchmarks/${name}.js`;
await build({
  entryPoints: [`${root}benchmarks/${name}.ts`],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], { stdio: 'inherit' }).status ?? 1;
