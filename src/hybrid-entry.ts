/** An entry of models.yaml with `provider: hybrid` → the hybrid client that it describes. */
import type { HybridClient } from './hybrid/client.ts';
import type { Policy } from './hybrid-client.ts';
import { InputError } from './errors.ts';
import { hybridOptions } from './models/hybrid.ts';
import type { ProviderTools } from './models/provider.ts';
import type { Model } from './record.ts';

/** `policy` wins over what the entry says; `sides` over the entries that it names. */
export interface Changes {
  policy?: Policy;
  candidate?: Model;
  fallback?: Model;
}

export async function openHybridEntry(
  model: Model,
  models: ReadonlyMap<string, Model>,
  tools: ProviderTools,
  changes: Changes = {},
): Promise<HybridClient> {
  const { openHybridOf } = await import('./hybrid-client.ts');
  const { candidate, fallback } = sidesOf(model, models);
  const policy = { ...policyOf(model), ...changes.policy };
  checkProtocols(model, candidate, policy.localOnly === true ? null : fallback);
  if (fallback === null && policy.localOnly !== true)
    throw new InputError({
      code: 'hybrid/no-baseline',
      at: model.at,
      what: `model "${model.name}" has no fallback`,
      fix: 'name another entry: fallback: NAME, or write local_only: true',
    });
  return openHybridOf(changes.candidate ?? candidate, changes.fallback ?? fallback, policy, tools);
}

export function hybridOpener(models: ReadonlyMap<string, Model>): NonNullable<ProviderTools['openHybrid']> {
  return async (model, tools) => {
    const { DEFAULTS } = await import('./hybrid/options.ts');
    const { servedProviderOf } = await import('./hybrid-client.ts');
    const { candidate, fallback } = sidesOf(model, models);
    const { openai } = await openHybridEntry(model, models, tools);
    const { served } = servedProviderOf(candidate.provider, 'candidate');
    const address = addressOf(candidate, served);
    const limitOf = (side: Model | null) => {
      const limit = side?.params['max_completion_tokens'] ?? side?.params['max_tokens'];
      return typeof limit === 'number' ? limit : null;
    };
    const asked = fallback === null || policyOf(model).localOnly === true ? [candidate] : [candidate, fallback];
    const secrets = await Promise.all(asked.map((side) => secretsOf(side, tools)));
    return {
      openai,
      address,
      totalMs: policyOf(model).totalMs ?? DEFAULTS.totalMs,
      loadsOnDemand: served.loadsOnDemand(candidate),
      secrets: secrets.flat(),
      isResponses: isResponses(candidate),
      tokenLimits: { candidate: limitOf(candidate), baseline: limitOf(fallback) },
    };
  };
}

const isResponses = ({ options }: Model): boolean => options['api'] === 'responses';

/** A request is written in one protocol, and either side may get it. */
function checkProtocols({ name, at }: Model, candidate: Model, fallback: Model | null): void {
  const apiOf = (side: Model) => (isResponses(side) ? 'responses' : 'chat');
  if (fallback !== null && apiOf(candidate) !== apiOf(fallback))
    throw new InputError({
      code: 'hybrid/two-protocols',
      at,
      what: `model "${name}": its candidate "${candidate.name}" has api: ${apiOf(candidate)}, and its fallback "${fallback.name}" has api: ${apiOf(fallback)}`,
      fix: 'a request is written in one protocol, and either side may get it: give both entries the same api',
    });
  const inBackground = [candidate, fallback].find((side) => side?.options['background'] === true);
  if (inBackground)
    throw new InputError({
      code: 'hybrid/background',
      at,
      what: `model "${name}": "${inBackground.name}" has background: true, and a job in the background is kept by one server`,
      fix: 'name an entry without it, and give it the time: total_s',
    });
}

/** Whether they stand in the entry, in its address or in the environment. */
async function secretsOf(side: Model, tools: ProviderTools): Promise<string[]> {
  const [{ openEndpoint }, { servedProviderOf }] = await Promise.all([import('./models/endpoint.ts'), import('./hybrid-client.ts')]);
  return (await openEndpoint(side, tools, servedProviderOf(side.provider, side.name).served)).secrets;
}

/** What the entry says, else where its provider is. */
export function addressOf(model: Model, { baseUrl }: { baseUrl: string | null }): string {
  const own = model.options['base_url'];
  return typeof own === 'string' ? own : (baseUrl ?? '');
}

export function sidesOf(model: Model, models: ReadonlyMap<string, Model>): { candidate: Model; fallback: Model | null } {
  const { candidate, fallback } = hybridOptions.parse(model.options);
  const find = (name: string): Model => {
    const found = models.get(name);
    if (found) return found;
    throw new Error(`the suite room let an unknown model through: ${name}`);
  };
  return { candidate: find(candidate), fallback: fallback === undefined ? null : find(fallback) };
}

/** Seconds of the file are milliseconds of the client. */
export function policyOf(model: Model): Policy {
  const given = hybridOptions.parse(model.options);
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  const all = {
    localOnly: given.local_only,
    allowHosts: given.allow_hosts,
    retries: given.retries,
    firstTokenMs: ms(given.first_token_s),
    candidateMs: ms(given.candidate_s),
    totalMs: ms(given.total_s),
    probeIntervalMs: ms(given.probe_s),
    probe: given.probe,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
