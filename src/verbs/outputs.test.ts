/** A report that cannot be written is refused first, not after the answers were paid for. */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, run } from './test-project.ts';
import { readyOutput } from './outputs.ts';

test('makes the folder, and gives the absolute path', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-output-'));
  expect(readyOutput('new/folder/report.html', cwd)).toBe(join(cwd, 'new/folder/report.html'));
  expect(existsSync(join(cwd, 'new/folder'))).toBe(true);
});

test.each(['folder.html', 'file/report.html'])('%s is refused before a run begins', async (output) => {
  const folder = makeProject(
    '  - { name: a, prompt: A, expected_elements: [x] }\n',
    { base: { a: ['x'] }, other: { a: ['x'] } },
    1,
    '{ coverage: 1 }',
  );
  mkdirSync(join(folder, 'folder.html'));
  writeFileSync(join(folder, 'file'), '');
  const { code, err } = await run(folder, ['eval', '-o', output]);
  expect(code).toBe(2);
  expect(err).toContain(`-o ${output} cannot be written: `);
  expect(existsSync(join(folder, 'reports'))).toBe(false);
});
