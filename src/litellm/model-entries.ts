/** A LiteLLM configuration → entries for `suites/models.yaml`, one a name that may be asked for. */
import { type Deployment, deploymentsOf, namesOf } from './deployments.ts';
import { isPlainMap, readConfig } from './read-config.ts';

export interface ModelEntry {
  /** the name in models.yaml: the group's, with "-" for what names may not hold */
  name: string;
  /** the model group, or alias, that is asked for */
  model: string;
  /** what `x-litellm-model-name` will say; null where several could answer */
  backend: string | null;
}

export interface ModelEntries {
  entries: ModelEntry[];
  /** names that are left out, and why */
  skipped: { name: string; why: string }[];
}

export function modelEntries(text: string, file: string): ModelEntries {
  const config = readConfig(text, file);
  const deployments = deploymentsOf(config);
  const { groups, aliases } = namesOf(config);
  const entries: ModelEntry[] = [];
  const skipped: ModelEntries['skipped'] = [];
  const add = (model: string, group: string) => {
    const own = deployments.filter(({ name }) => name === group);
    const why = reasonToSkip(group, own);
    const name = model
      .replace(/[^A-Za-z0-9._+@-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100);
    if (why !== null) skipped.push({ name: model, why });
    else if (name === '' || entries.some((one) => one.name === name))
      skipped.push({ name: model, why: 'another entry has its name already' });
    else entries.push({ name, model, backend: backendOf(own) });
  };
  for (const group of groups) if (!aliases.has(group)) add(group, group);
  for (const [alias, value] of aliases) {
    const target = isPlainMap(value) ? value['model'] : value;
    if (typeof target === 'string' && groups.has(target)) add(alias, target);
    else skipped.push({ name: alias, why: 'it stands for no model group of this file' });
  }
  return { entries, skipped };
}

function reasonToSkip(group: string, own: Deployment[]): string | null {
  if (group.includes('*')) return 'a pattern is no model';
  const mode = own.map(({ info }) => info['mode']).find((one) => one !== undefined && one !== 'chat' && one !== 'responses');
  return typeof mode === 'string' ? `its mode is ${mode}` : null;
}

/** Certain only where every deployment of the group is the same model, and says of which provider. */
function backendOf(own: Deployment[]): string | null {
  const models = new Set(own.map(({ model }) => model));
  const [model] = models;
  return models.size === 1 &&
    typeof model === 'string' &&
    own.every(({ provider }) => provider !== null) &&
    !model.startsWith('os.environ/')
    ? model
    : null;
}
