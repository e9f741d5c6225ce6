/** The same cases in Vitest's own report in one file, the answers in each task's meta. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const TEST = `
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
for (const line of readFileSync('results.jsonl', 'utf8').trimEnd().split('\\n')) {
  const { case: name, verdict, messages, answers } = JSON.parse(line);
  test(name, ({ task }) => {
    task.meta.prompt = messages[0].content;
    task.meta.baseline = answers.baseline[0].answer;
    task.meta.candidate = answers.candidate[0].answer;
    expect(verdict).toBe('PASS');
  });
}
`;
const CONFIG = `export default { test: { include: ['cases.test.js'], reporters: [['html', { singleFile: true }]] } };`;

/** Runs Vitest of `packages`/node_modules on the cases in `folder`; gives the path of its report. */
export function vitestReport(packages: string, folder: string): string {
  const work = join(folder, 'vitest');
  mkdirSync(work);
  symlinkSync(resolve(packages, 'node_modules'), join(work, 'node_modules'));
  symlinkSync(join(folder, 'results.jsonl'), join(work, 'results.jsonl'));
  writeFileSync(join(work, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(work, 'cases.test.js'), TEST);
  writeFileSync(join(work, 'vitest.config.js'), CONFIG);
  try {
    execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: work, stdio: 'ignore' });
  } catch {
    // cases that need work are failing tests
  }
  const report = join(work, '.vitest/index.html');
  if (!existsSync(report)) throw new Error(`Vitest of ${packages} left no report; it must have vitest 5 and @vitest/ui`);
  return report;
}
