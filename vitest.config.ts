import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ASSET, assetModule } from './scripts/assets.mjs';

export default defineConfig({
  plugins: [
    {
      name: 'assets',
      enforce: 'pre',
      // the id ends in .js, since vite would take a .css for its own
      resolveId: (source, importer) =>
        ASSET.test(source) && importer !== undefined ? `\0asset:${resolve(dirname(importer), source)}.js` : null,
      load: (id) => (id.startsWith('\0asset:') ? assetModule(id.slice(7, -3)) : null),
    },
  ],
  test: {
    include: ['src/**/*.test.ts', 'benchmarks/**/*.test.ts'],
    // runs of the tests tell nothing to the CI that the tests run in
    env: { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
