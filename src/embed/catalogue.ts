/** Encoders that can be pulled: whose they are, at which revision, and what is known of each file before it comes. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface PinnedFile {
  /** in the repository, and in the folder */
  path: string;
  /** null where it is not known beforehand */
  bytes: number | null;
  /** hex; null where the revision alone says which bytes these are: then what came is trusted, and written down */
  sha256: string | null;
}

export interface PinnedEncoder {
  name: string;
  /** owner and name on the hub */
  repo: string;
  /** a commit: what a name such as "main" means may change */
  revision: string;
  licence: string;
  /** small ones first, so that what cannot work fails before the large ones come */
  files: readonly PinnedFile[];
}

export const HUB = 'https://huggingface.co';

export const catalogue: Readonly<Record<string, PinnedEncoder>> = {
  'bge-m3': {
    name: 'bge-m3',
    repo: 'BAAI/bge-m3',
    revision: '5617a9f61b028005a4858fdac845db406aefb181',
    licence: 'MIT',
    files: [
      { path: 'config.json', bytes: 687, sha256: '26159e7ad065073448460117eb24b7a4572f6f4e78eadff65dc0a11c052449fa' },
      { path: 'modules.json', bytes: 349, sha256: '84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf' },
      { path: 'sentence_bert_config.json', bytes: 54, sha256: 'eb9b44b13c0f52a3b3685c3b1cbdea1ba8b04bea123b98f61610048940776eb1' },
      { path: '1_Pooling/config.json', bytes: 191, sha256: 'e54c164a07274f2eb45bb724f54a79d1efcc90c41573887cd9a29aeee0597352' },
      { path: 'special_tokens_map.json', bytes: 964, sha256: '8c785abebea9ae3257b61681b4e6fd8365ceafde980c21970d001e834cf10835' },
      { path: 'tokenizer_config.json', bytes: 444, sha256: 'a62b2b6784f990259fddef5f16388693a8043be4f69179e6a5257eeb3f9abac4' },
      { path: 'tokenizer.json', bytes: 17_098_108, sha256: '21106b6d7dab2952c1d496fb21d5dc9db75c28ed361a05f5020bbba27810dd08' },
      { path: 'onnx/Constant_7_attr__value', bytes: 65_552, sha256: 'cdf16f72c5d07b36484056e601ed9687f78477e5d85cee85a34f2406b7fb5906' },
      { path: 'onnx/model.onnx', bytes: 724_923, sha256: 'f84251230831afb359ab26d9fd37d5936d4d9bb5d1d5410e66442f630f24435b' },
      { path: 'onnx/model.onnx_data', bytes: 2_266_820_608, sha256: '1eebfb28493f67bba03ce0ef64bfdc7fc5a3bd9d7493f818bb1d78cd798416b4' },
    ],
  },
};

/** The encoder's folder in a models folder. */
export const folderName = ({ name, revision }: PinnedEncoder): string => `${name}@${revision}`;

/** What was pulled, written beside it. */
export const RECORD_FILE = 'onpar-embedder.json';

export interface PullRecord {
  name: string;
  repo: string;
  revision: string;
  licence: string;
  /** the hub's or the mirror's address */
  from: string;
  pulled_at: string;
  files: { path: string; bytes: number; sha256: string }[];
}

/** Null where there is none that can be read: then nothing but the pins is known of the folder. */
export function readRecord(dir: string): PullRecord | null {
  try {
    const record = JSON.parse(readFileSync(join(dir, RECORD_FILE), 'utf8')) as Partial<PullRecord> | null;
    return Array.isArray(record?.files) ? (record as PullRecord) : null;
  } catch {
    return null;
  }
}

/** Whether every file is there and as long as it should be; sha256 is what `verify` is for. */
export function isComplete(dir: string, { files }: PinnedEncoder): boolean {
  const record = readRecord(dir);
  return files.every(({ path, bytes }) => {
    const expected = bytes ?? record?.files.find((file) => file.path === path)?.bytes ?? null;
    const found = sizeOf(join(dir, path));
    return found !== null && (expected === null || found === expected);
  });
}

/** Null where there is no such file. */
export function sizeOf(file: string): number | null {
  try {
    const found = statSync(file);
    return found.isFile() ? found.size : null;
  } catch {
    return null;
  }
}
