/** What the built command says where it cannot go on. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const bin = new URL('../dist/bin.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'onpar-bin-'));
writeFileSync(join(folder, 'file'), '');

function compareIn(out: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [bin, 'compare', '--out', out], { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' });
}

test('a disk that refuses is no bug, and nothing passes', () => {
  const { status, stderr } = compareIn('file');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^onpar crashed: ENOTDIR.*\n {2}fix: see what is there/);
});

test('a stack names places in the sources', () => {
  expect(compareIn('file', { ONPAR_DEBUG: '1' }).stderr).toMatch(/ at newestRuns \(.*src\/verbs\/compare\.ts:\d+:\d+\)/);
});

test('V8 takes the code that the build had it make', () => {
  const check = `
    const { readFileSync } = require('node:fs');
    const file = (ending) => readFileSync(${JSON.stringify(bin)}.replace('bin.js', 'command.' + ending));
    const { cachedDataRejected } = new (require('node:vm').Script)(file('js').toString(), { cachedData: file('cache') });
    console.log(cachedDataRejected);`;
  expect(spawnSync(process.execPath, ['-e', check], { encoding: 'utf8' }).stdout).toBe('false\n');
});
