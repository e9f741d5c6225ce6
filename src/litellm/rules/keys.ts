/** Keys and passwords in plain text. No message repeats one. */
import { providerName } from '../key-names.ts';
import { deploymentsOf, type Deployment } from '../deployments.ts';
import { put } from '../edit.ts';
import type { Finding, Rule } from '../finding.ts';
import { type Config, isPlainMap, type Path } from '../read-config.ts';

const SECRET = /(^|_)(key|keys?_id|secret|secret_key|password|token|access_key|webhook_url)$/i;
const NO_SECRET = /(public|max|num)_?|_tokens?_(id|limit)|key_management|alias/i;
const KNOWN_PREFIX = /^(sk-|sk_|pk-|gsk_|xai-|hf_|AIza|AKIA|ghp_|github_pat_|r8_|nvapi-|pplx-|tgp_|csk-|fw_|glpat-|xox[bp]-)[\w-]{16,}/;
/** What people write in the place of a key. */
const STAND_IN = /fake|dummy|example|placeholder|your|replace|change|xxx|test|none|not-|local|<|…|\.\.\./i;

interface Plain {
  path: Path;
  /** the environment variable to use instead; null where the file itself sets the environment */
  variable: string | null;
  what: string;
}

export const keys: Rule = {
  check: (config) => [
    ...plainOf(config).map(({ path, variable, what }): Finding => ({
      severity: 'warning',
      code: 'litellm/plain-key',
      at: config.at(path),
      what,
      proxy: 'starts, and uses it: whoever can read this file has it, too',
      fix:
        variable === null
          ? 'set it where the proxy is started'
          : `write os.environ/${variable}, and set ${variable} where the proxy is started`,
    })),
    ...unexpanded(config),
  ],
  repair: (config) =>
    plainOf(config).flatMap(({ path, variable }) => {
      if (variable === null) return [];
      put(config, path, `os.environ/${variable}`);
      return [`${String(path.at(-1))} on line ${config.at(path).line} comes from the environment now: set ${variable}`];
    }),
};

function plainOf(config: Config): Plain[] {
  const deployments = deploymentsOf(config);
  const taken = new Map<string, string>();
  return texts(config.value, []).flatMap(({ path, text }): Plain[] => {
    const key = String(path.at(-1));
    if (text.startsWith('os.environ/') || looksUnexpanded(text) || text === '') return [];
    const isMaster = key === 'master_key';
    const isUrl = /:\/\/[^/\s:@]*:[^/\s@<${}]+@/.test(text) && !STAND_IN.test(text) && !/:pass(word)?@/.test(text);
    const isKey = SECRET.test(key) && !NO_SECRET.test(key) && looksLikeKey(text);
    if (!isMaster && !isUrl && !isKey) return [];
    const what = isUrl && !isMaster ? `${key} holds a password in plain text` : `${key} stands here in plain text`;
    if (path[0] === 'environment_variables') return [{ path, variable: null, what }];
    const deployment = path[0] === 'model_list' ? deployments.find((one) => one.path[1] === path[1]) : undefined;
    return [{ path, variable: variableFor(key, text, deployment, taken), what }];
  });
}

function looksLikeKey(text: string): boolean {
  if (STAND_IN.test(text)) return false;
  return (
    (KNOWN_PREFIX.test(text) && /\d/.test(text)) ||
    (/^[\w\-./+=]{24,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text) && !/^(https?|\/|arn)/.test(text))
  );
}

/** One variable a secret; a second secret that would have the same name gets its model's, or a number. */
function variableFor(key: string, text: string, deployment: Deployment | undefined, taken: Map<string, string>): string {
  const upper = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  const base = key === 'master_key' ? 'LITELLM_MASTER_KEY' : deployment && key === 'api_key' ? providerName(deployment) : upper(key);
  const wishes = [base, ...(deployment?.name ? [`${upper(deployment.name)}_${upper(key)}`] : [])];
  let number = 1;
  for (;;) {
    const name = wishes.shift() ?? `${base}_${++number}`;
    if ((taken.get(name) ?? text) !== text) continue;
    taken.set(name, text);
    return name;
  }
}

function texts(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => texts(item, [...path, index]));
  return isPlainMap(value) ? Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key])) : [];
}

function looksUnexpanded(text: string): boolean {
  return /^\$\{?[A-Za-z_]\w*\}?$|^(os\.)?environ[.:[(]/.test(text);
}

function unexpanded(config: Config): Finding[] {
  return texts(config.value, [])
    .filter(
      ({ path, text }) =>
        looksUnexpanded(text) && ['model_list', 'general_settings', 'router_settings', 'litellm_settings'].includes(String(path[0])),
    )
    .map(({ path, text }) => ({
      severity: 'warning',
      code: 'litellm/not-expanded',
      at: config.at(path),
      what: `${text} is not how LiteLLM is told of an environment variable`,
      proxy: 'takes it as it stands, unless something fills it in before the proxy reads the file',
      fix: `write os.environ/${/[A-Za-z_]\w*(?=\W*$)/.exec(text)?.[0] ?? 'NAME'}`,
    }));
}
