/** Addresses of servers, and what several models of one server mean. */
import { type Deployment, deploymentsOf, isLocal, serverOf } from '../deployments.ts';
import { put } from '../edit.ts';
import { fallbackLists } from '../fallback-lists.ts';
import type { Finding, Rule } from '../finding.ts';
import { type Config, valueAt } from '../read-config.ts';

/** Providers whose calls go to `api_base` + /chat/completions, as measured. */
const OPENAI_LIKE = ['openai', 'lm_studio', 'hosted_vllm', 'llamafile'];
const OLLAMA = ['ollama', 'ollama_chat'];
const LM_STUDIO_PORT = '1234';

export const servers: Rule = {
  check: (config) => {
    const deployments = deploymentsOf(config);
    return [
      ...deployments.flatMap((one) => [...address(config, one), ...noKey(config, one)]),
      ...shared(config, deployments),
      ...sameServer(config, deployments),
      ...noTimeout(config, deployments),
    ];
  },
  repair: (config) =>
    deploymentsOf(config).flatMap((one) => {
      const wrong = wrongAddress(one);
      const told: string[] = [];
      if (wrong?.right !== undefined) {
        put(config, [...one.path, 'litellm_params', wrong.key], wrong.right);
        told.push(`the address of ${one.name ?? 'a model'} is ${wrong.right} now`);
      }
      if (needsKey(config, one)) {
        put(config, [...one.path, 'litellm_params', 'api_key'], 'not-needed');
        told.push(`${one.name ?? 'a model'} has api_key: not-needed now`);
      }
      return told;
    }),
};

interface WrongAddress {
  key: string;
  severity: Finding['severity'];
  what: string;
  proxy: string;
  right?: string;
}

function wrongAddress({ base, provider }: Deployment): WrongAddress | null {
  if (!base || provider === null) return null;
  const { key, text, url } = base;
  if (/^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(?=:\d))(:\d+)?(\/|$)/i.test(text) && !url) {
    const proxy = 'starts; every call fails with 500 "Connection error"';
    return { key, severity: 'error', what: `${key} has no http:// before it`, proxy, right: `http://${text}` };
  }
  if (!url) return null;
  const bare = text.replace(/\/+$/, '');
  if (OPENAI_LIKE.includes(provider)) {
    const ending = /\/(chat\/completions|completions|embeddings)$/.exec(bare)?.[0];
    if (ending !== undefined) {
      const what = `${key} ends in ${ending}, which LiteLLM adds itself`;
      return {
        key,
        severity: 'error',
        what,
        proxy: `asks at …${ending}${ending}: servers answer 404`,
        right: bare.slice(0, -ending.length),
      };
    }
    if (url.pathname === '/' && isLocal(url)) {
      const proxy = 'asks at /chat/completions: LM Studio, vLLM and Ollama have it at /v1/chat/completions only (llama.cpp has both)';
      return { key, severity: 'warning', what: `${key} has no /v1`, proxy, right: `${bare}/v1` };
    }
  }
  if (OLLAMA.includes(provider) && /\/v1$/.test(bare))
    return {
      key,
      severity: 'error',
      what: `${key} of an ${provider} model ends in /v1`,
      proxy: 'asks at /v1/api/…, which Ollama does not have',
      right: bare.slice(0, -3),
    };
  return null;
}

function address(config: Config, deployment: Deployment): Finding[] {
  const wrong = wrongAddress(deployment);
  if (!wrong) return [];
  const { key, severity, what, proxy, right } = wrong;
  const at = config.at([...deployment.path, 'litellm_params', key]);
  return [{ severity, code: 'litellm/api-base', at, what, proxy, fix: right === undefined ? 'write the whole address' : `write ${right}` }];
}

function needsKey({ value }: Config, { provider, base, params }: Deployment): boolean {
  if (provider !== 'openai' || !base?.url || !isLocal(base.url)) return false;
  return !('api_key' in params) && !('litellm_credential_name' in params) && valueAt(value, ['litellm_settings', 'api_key']) === undefined;
}

function noKey(config: Config, deployment: Deployment): Finding[] {
  if (!needsKey(config, deployment)) return [];
  return [
    {
      severity: 'warning',
      code: 'litellm/no-key',
      at: config.keyAt([...deployment.path, 'litellm_params']),
      what: 'no api_key for a server of your own',
      proxy: 'sends it the key in OPENAI_API_KEY; where that is not set, every call fails with 500 "Missing credentials"',
      fix: 'add any text: api_key: not-needed',
    },
  ];
}

/** Local servers with the models that the file expects of each. Embedding models are left out: servers keep them beside the others. */
function byServer(deployments: Deployment[]): { models: Map<string, Deployment>; url: URL }[] {
  const servers = new Map<string, { models: Map<string, Deployment>; url: URL }>();
  for (const one of deployments) {
    const url = one.base?.url;
    if (!url || !isLocal(url) || one.model === null || one.model.includes('*') || isEmbedding(one)) continue;
    const server = servers.get(serverOf(url)) ?? { models: new Map<string, Deployment>(), url };
    servers.set(serverOf(url), server);
    const name = one.model.slice(one.model.indexOf('/') + 1);
    if (!server.models.has(name)) server.models.set(name, one);
  }
  return [...servers.values()].filter(({ models }) => models.size > 1);
}

function isEmbedding({ info, model }: Deployment): boolean {
  return info['mode'] === 'embedding' || /embed|bge-|rerank/i.test(model ?? '');
}

function shared(config: Config, deployments: Deployment[]): Finding[] {
  return byServer(deployments).flatMap(({ models, url }): Finding[] => {
    const [first, second] = [...models.values()];
    if (!first || !second || [...models.values()].some(({ provider }) => OLLAMA.includes(provider ?? ''))) return [];
    const isLmStudio = url.port === LM_STUDIO_PORT || first.provider === 'lm_studio';
    const names = [...models.keys()].join(', ');
    const at = config.at([...second.path, 'litellm_params', second.base?.key ?? 'api_base']);
    const code = 'litellm/shared-server';
    if (isLmStudio)
      return [
        {
          severity: 'warning',
          code,
          at,
          what: `${models.size} models on one LM Studio, ${serverOf(url)}: ${names}`,
          proxy:
            'passes calls on as they come; LM Studio keeps one model that it loaded on demand, and loads anew whenever another is asked for',
          fix: 'load all of them beforehand (lms load), if they fit, or give each a server of its own',
        },
      ];
    return [
      {
        severity: 'note',
        code,
        at,
        what: `${models.size} models on one server, ${serverOf(url)}: ${names}`,
        proxy: 'passes the name on; a llama.cpp server does not look at it, and answers with the one model it has',
        fix: 'make sure that this server has them all',
      },
    ];
  });
}

function sameServer(config: Config, deployments: Deployment[]): Finding[] {
  const serversOf = (name: string) =>
    new Set(deployments.filter((one) => one.name === name).map(({ base }) => (base?.url && isLocal(base.url) ? serverOf(base.url) : null)));
  return fallbackLists(config).flatMap(({ kind, entries }) =>
    (kind === 'fallbacks' ? entries : []).flatMap(({ from, targets }): Finding[] => {
      const own = serversOf(from);
      const [server] = own;
      if (own.size !== 1 || typeof server !== 'string' || targets.length === 0) return [];
      const others = targets.filter(({ name }) => name !== from && serversOf(name).size > 0);
      if (others.length === 0 || !others.every(({ name }) => [...serversOf(name)].every((one) => one === server))) return [];
      return [
        {
          severity: 'note',
          code: 'litellm/fallback-same-server',
          at: config.at(others[0]?.path ?? []),
          what: `"${from}" and its fallback are on one server, ${server}`,
          proxy: 'falls back to a server that is down, too',
          fix: 'a fallback elsewhere helps when the machine is down',
        },
      ];
    }),
  );
}

function noTimeout(config: Config, deployments: Deployment[]): Finding[] {
  const { value } = config;
  const isSet = [
    ['router_settings', 'timeout'],
    ['router_settings', 'stream_timeout'],
    ['litellm_settings', 'request_timeout'],
  ].some((path) => valueAt(value, path) !== undefined);
  const first = deployments.find(
    ({ base, params }) => base?.url && isLocal(base.url) && !('timeout' in params) && !('stream_timeout' in params),
  );
  if (isSet || !first) return [];
  return [
    {
      severity: 'note',
      code: 'litellm/no-timeout',
      at: config.keyAt([...first.path, 'litellm_params']),
      what: 'nothing says how long an answer may take',
      proxy: 'waits 6000 s for a server that hangs before it tries again or falls back',
      fix: 'set timeout in router_settings, above the longest answer you expect (seconds)',
    },
  ];
}
