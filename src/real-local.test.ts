/**
 * The suite `local`, asked of real small models behind real llama.cpp servers and recorded, then judged again from the recordings
 * alone. Needs fixtures/servers (see CONTRIBUTING.md); says so when skipped.
 */
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from './cli.ts';
import type { RunRecord } from './record.ts';
import { needServer } from './real-servers.ts';

const root = new URL('..', import.meta.url).pathname;
const servers = [
  await needServer('SmolLM2 behind llama.cpp', 'http://127.0.0.1:18202'),
  await needServer('Gemma behind llama.cpp', 'http://127.0.0.1:18201'),
];
const MODELS = ['smollm2', 'smollm2-again', 'gemma-base'];

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-local-'));
  mkdirSync(join(folder, 'suites'));
  for (const file of ['models.yaml', 'local.yaml']) cpSync(join(root, 'suites', file), join(folder, 'suites', file));
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'));
  return folder;
}

async function run(folder: string, args: string[]): Promise<{ code: number; record: RunRecord; csv: string }> {
  const said: string[] = [];
  const quiet = { cwd: folder, out: () => undefined, err: (text: string) => void said.push(text) };
  const code = await main(['eval', '--suite', 'local', '--recordings', 'recorded', ...args], quiet);
  if (code === 2) throw new Error(said.join(''));
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  return { code, record: JSON.parse(read('run.json')) as RunRecord, csv: read('report.csv') };
}

describe.skipIf(!servers.every(({ isUp }) => isUp))('real small models', () => {
  test(
    'the same model again is on a par, a bad one is not, and their recordings give the same reports byte for byte',
    { timeout: 900_000 },
    async () => {
      const folder = project();
      const live = await run(
        folder,
        MODELS.flatMap((name) => ['--record', name]),
      );
      const verdictOf = ({ record }: typeof live, name: string) => record.verdicts.find(({ candidate }) => candidate === name);
      expect(verdictOf(live, 'smollm2-again')).toMatchObject({ verdict: 'PASS' });
      expect(verdictOf(live, 'gemma-base')).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target' });
      expect(live.code).toBe(1);
      expect(live.record.hosts_contacted).toEqual(['127.0.0.1:18201', '127.0.0.1:18202']);
      expect(verdictOf(live, 'smollm2-again')?.self_parity).not.toBeNull();

      // a run is told what became of its cases since the one before
      rmSync(join(folder, 'reports'), { recursive: true });
      const replayed = await run(folder, ['--offline']);
      expect(replayed.record.hosts_contacted).toEqual([]);
      expect(replayed.record.verdicts).toEqual(live.record.verdicts);
      expect(replayed.csv).toBe(live.csv);
    },
  );
});
