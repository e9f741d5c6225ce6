import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../cli.ts';
import { catalogue, folderName } from '../embed/catalogue.ts';
import { type FakeHub, fakeHub, send, TINY, tiny } from '../embed/test-hub.ts';
import { embedderVerb } from './embedder.ts';
import type { FlagValues } from './verb.ts';

const BGE_M3 = folderName(catalogue['bge-m3']!);
let hub: FakeHub;
let dir: string;
beforeAll(async () => void (hub = await fakeHub()));
afterAll(() => hub.close());
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'onpar-embedder-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function consoleFor(env: NodeJS.ProcessEnv = {}) {
  const said = { out: '', err: '' };
  const out = (text: string) => void (said.out += text);
  const err = (text: string) => void (said.err += text);
  const quiet = { width: 80, hasColour: false, command: () => undefined, isLive: false, now: () => new Date('2026-01-02T03:04:05Z') };
  return { said, console: { version: '0', argv: [], cwd: dir, env: { ONPAR_CACHE: dir, ...env }, out, err, ...quiet } };
}

/** The verb as it is. */
async function onpar(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { said, console } = consoleFor(env);
  const code = await main(['embedder', ...args], console);
  return { code, ...said };
}

/** The verb with the small encoder of the fake hub. */
async function withTiny(words: string[], values: FlagValues = {}) {
  const { said, console } = consoleFor({ HF_ENDPOINT: hub.origin });
  const code = await embedderVerb({ tiny }).run(values, words, console);
  return { code, ...said };
}

const tooWide = (text: string) => text.split('\n').filter((line) => [...line].length > 80);

describe('pull', () => {
  test('--dry-run says what would come, and asks nobody', async () => {
    const { code, out, err } = await onpar(['pull', 'bge-m3', '--dry-run'], { HF_ENDPOINT: 'http://127.0.0.1:9' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/onnx\/model\.onnx_data +2\.27 GB +sha256 1eebfb28493f…/);
    expect(out).toMatch(/total +2\.28 GB in 10 files\n +from +http:\/\/127\.0\.0\.1:9\/BAAI\/bge-m3\n/);
    expect(out).toContain('MIT');
    expect(tooWide(out)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('says where it is, how large, whose, and what to do next; then that it is there', async () => {
    const { code, out, err } = await withTiny(['pull', 'tiny']);
    expect(code).toBe(0);
    expect(err).toContain('onnx/model.onnx_data, MB (2)');
    expect(out).toMatch(/^tiny is here now:/);
    for (const part of [dir, folderName(tiny), '1.8 MB in 6 files', 'MIT', 'onpar embedder verify tiny']) expect(out).toContain(part);
    expect((await withTiny(['pull', 'tiny'])).out).toMatch(/^tiny is here already/);
    expect((await withTiny(['pull', 'tiny'], { 'dry-run': true })).out).toContain('tiny is here already');
  });

  test('what cannot be had: code 3, and a sentence', async () => {
    const { code, out, err } = await onpar(['pull', 'bge-m3', '--mirror', hub.origin]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/says 404 to config\.json\n {2}fix: /);
  });

  test('Ctrl-C: code 130, and what came is kept', async () => {
    const slow = await fakeHub((asked, response, content) => {
      if (!asked.path.endsWith('_data')) return send(asked, response, content);
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1_200_000));
    });
    const { said, console } = consoleFor({ HF_ENDPOINT: slow.origin });
    // the line that says that the second megabyte comes is when it is pressed
    const err = (text: string) => {
      console.err(text);
      if (text.includes('2/2')) process.emit('SIGINT');
    };
    const code = await embedderVerb({ tiny }).run({}, ['pull', 'tiny'], { ...console, err, isLive: true });
    await slow.close();
    expect(code).toBe(130);
    expect(said.err).toContain('the same command goes on from there');
    expect((await withTiny(['list'])).out).toMatch(/to be had: tiny \(1\.6 MB, 1\.\d MB here already, MIT\)/);
    expect((await withTiny(['pull', 'tiny'])).code).toBe(0);
    expect(hub.asked.at(-1)?.range).toMatch(/^bytes=1\d{6}-$/);
  });
});

test.each([
  [[], /to do what\?[^]*pull, list, verify/],
  [['pul'], /did you mean "pull"\?/],
  [['pull'], /which one\?[^]*bge-m3/],
  [['pull', 'bge-m'], /did you mean "bge-m3"\?/],
  [['pull', 'constructor'], /use one of: bge-m3/],
  [['pull', 'bge-m3', 'tiny'], /takes no word "tiny"/],
  [['pull', 'bge-m3', '--mirror', 'mirror.example'], /--mirror mirror\.example: this is no address/],
  [['list', 'bge-m3'], /takes no word "bge-m3"/],
  [['verify', '--dry-run'], /takes no --dry-run/],
  [['verify', 'all-MiniLM-L6'], /did you mean "all-MiniLM-L6-v2"\?/],
  [['verify', 'bge-m3'], /no weights on this machine[^]*onpar embedder pull bge-m3/],
])('%j is bad input: code 2', async (args, message) => {
  const { code, out, err } = await onpar(args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

describe('list', () => {
  test('the bundled encoder is the default, and BGE-M3 can be had', async () => {
    const { code, out } = await onpar(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(/all-MiniLM-L6-v2\n[^]*q8, 24\.6 MB[^]*384 dimensions, mean pooling, windows of 256 tokens/);
    expect(out).toMatch(/default +the weights of bge-m3 are not on this machine/);
    expect(out).toContain('to be had: bge-m3 (2.28 GB, MIT): onpar embedder pull bge-m3');
    expect(tooWide(out)).toEqual([]);
  });

  test('with its weights here BGE-M3 is the default; an encoder that is unfit says why', async () => {
    cpSync(TINY, join(dir, 'models', BGE_M3), { recursive: true });
    cpSync(TINY, join(dir, 'models', 'bad'), { recursive: true });
    quantise(join(dir, 'models', 'bad'));
    const { out } = await onpar(['list']);
    expect(out).toMatch(/ {2}bge-m3\n +revision +5617a9f61b028005a4858fdac845db406aefb181\n[^]*default +bge-m3 is preferred/);
    expect(out).toMatch(/ {2}bad\n[^]*unfit[^]*quantises\s+activations/);
    expect(tooWide(out)).toEqual([]);
  });
});

describe('verify', () => {
  test('a pulled encoder: every file, and the vectors', async () => {
    await withTiny(['pull', 'tiny']);
    const { code, out } = await withTiny(['verify', 'tiny']);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ onnx\/model\.onnx_data, 1\.6 MB: sha256 as pinned/);
    expect(out).toMatch(/✓ tokenizer\.json, 139\.1 kB: sha256 as it was pulled/);
    expect(out).toMatch(/✓ vectors: length 1, and the same alone/);
    expect(tooWide(out)).toEqual([]);
  });

  test.each([
    ['another byte in the weights', (at: string) => flip(join(at, 'onnx', 'model.onnx_data')), /✗ onnx\/model\.onnx_data[^]*should\s+have/],
    ['another byte in a file that is not pinned', (at: string) => flip(join(at, 'tokenizer.json')), /✗ tokenizer\.json[^]*should\s+have/],
    ['a missing file', (at: string) => rmSync(join(at, 'config.json')), /✗ config\.json: is missing/],
    ['a stranger', (at: string) => writeFileSync(join(at, 'onnx', 'weights.bin'), '{}'), /✗ onnx\/weights\.bin[^]*another encoder/],
  ])('%s: code 1', async (_, spoil, message) => {
    await withTiny(['pull', 'tiny']);
    spoil(join(dir, 'models', folderName(tiny)));
    const { code, out } = await withTiny(['verify', 'tiny']);
    expect(code).toBe(1);
    expect(out).toMatch(message);
    expect(out).toContain('vectors: not tried');
    expect(tooWide(out)).toEqual([]);
  });

  test('a tokenizer that was copied into onnx/ does no harm', async () => {
    await withTiny(['pull', 'tiny']);
    writeFileSync(join(dir, 'models', folderName(tiny), 'onnx', 'tokenizer.json'), '{}');
    const { code, out } = await withTiny(['verify', 'tiny']);
    expect({ code, isNamed: out.includes('onnx/tokenizer.json') }).toEqual({ code: 0, isNamed: false });
  });

  test('what is wrong and removed comes anew with the next pull', async () => {
    await withTiny(['pull', 'tiny']);
    const weights = join(dir, 'models', folderName(tiny), 'onnx', 'model.onnx_data');
    flip(weights);
    expect((await withTiny(['verify', 'tiny'])).out).toMatch(/not right: remove what is marked ✗/);
    rmSync(weights);
    await withTiny(['pull', 'tiny']);
    expect((await withTiny(['verify', 'tiny'])).code).toBe(0);
  });

  test('weights that quantise activations are refused, in the words of a run', async () => {
    cpSync(TINY, join(dir, 'models', 'bad'), { recursive: true });
    quantise(join(dir, 'models', 'bad'));
    const { code, out } = await onpar(['verify', 'bad']);
    expect(code).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain("so a text's vector would depend on the texts beside it fix: use fp32");
  });

  test('without a name every encoder is verified, the bundled one too', async () => {
    cpSync(TINY, join(dir, 'models', 'mine'), { recursive: true });
    const { code, out } = await onpar(['verify']);
    expect(code).toBe(0);
    expect(out).toMatch(/^mine\n[^]*\nall-MiniLM-L6-v2\n/);
    expect(out).toContain('none is pinned');
  });
});

function flip(file: string): void {
  const content = readFileSync(file);
  content[content.length - 10]! ^= 1;
  writeFileSync(file, content);
}

function quantise(folder: string): void {
  renameSync(join(folder, 'onnx', 'model.onnx'), join(folder, 'onnx', 'model_quantized.onnx'));
  writeFileSync(join(folder, 'onnx', 'model_quantized.onnx'), 'x DynamicQuantizeLinear x', { flag: 'a' });
}
