import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { loadSuites } from './load-suites.ts';
import { optionsFor } from './test-kinds.ts';

test('the examples of docs/suite-format.md load as they are', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/suite-format.md'), 'utf8');
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-docs-'));
  try {
    for (const [, path, text] of docs.matchAll(/```\w+\n# (\S+)\n([\s\S]*?)```/g)) {
      mkdirSync(dirname(join(cwd, String(path))), { recursive: true });
      writeFileSync(join(cwd, String(path)), String(text));
    }
    const providers = {
      openai: { options: z.strictObject({}) },
      lmstudio: { options: z.strictObject({ base_url: z.url() }) },
    };
    const { suites, warnings } = await loadSuites(optionsFor(cwd, { models: 'suites/models.yaml', suites: [], providers }));
    expect(suites.map(({ name, cases }) => [name, cases.length])).toEqual([
      ['algebra', 1],
      ['capitals', 2],
      ['colours', 2],
      ['flags', 2],
    ]);
    expect(warnings).toEqual([]);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
