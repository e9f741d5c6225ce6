/** A short run of the command, so that the code cache holds what V8 compiled for it: functions are compiled when they are first called. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockServer } from '../fixtures/servers/load-server.mjs';

const CASES = 3;

/** Rejects unless the run goes through. @param {(argv: string[], console: object) => Promise<number>} main */
export async function rehearse(main) {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-rehearsal-'));
  const { server } = createMockServer();
  try {
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    writeProject(folder, server.address().port);
    const told = [];
    const tell = (text) => void told.push(text);
    const code = await main(['eval'], { cwd: folder, env: {}, out: tell, err: tell, command: tell, isLive: false });
    // 3: so few cases decide nothing
    if (code !== 3) throw new Error(`the rehearsal ended with ${code}:\n${told.join('')}`);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function writeProject(folder, port) {
  const model = { provider: 'openai-compatible', base_url: `http://127.0.0.1:${port}/v1`, answers: 'live' };
  const models = { old: { ...model, model: 'old' }, new: { ...model, model: 'new' } };
  const rows = Array.from({ length: CASES }, (_, i) => JSON.stringify({ name: `case ${i}`, prompt: `Tell of lynx and otter ${i}.` }));
  const suite = {
    ...{ name: 'rehearsal', capability: 'general', parity_target: 0.9, baseline: 'old', candidates: ['new'] },
    defaults: { weights: { coverage: 1 } },
    dataset: { path: 'rows.jsonl', case: { name: '{{name}}', prompt: '{{prompt}}', expected_elements: ['lynx', 'otter'] } },
  };
  mkdirSync(join(folder, 'suites'));
  const files = { 'models.yaml': JSON.stringify({ models }), 'rehearsal.yaml': JSON.stringify(suite), 'rows.jsonl': rows.join('\n') };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'suites', name), text);
}
