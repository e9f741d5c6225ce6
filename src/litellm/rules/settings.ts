/** Settings that are right, and matter to whoever compares models through the proxy. */
import type { Rule } from '../finding.ts';
import { valueAt } from '../read-config.ts';

export const settings: Rule = {
  check: (config) => {
    const path = ['litellm_settings', 'drop_params'];
    if (valueAt(config.value, path) !== true) return [];
    return [
      {
        severity: 'note',
        code: 'litellm/drop-params',
        at: config.keyAt(path),
        what: 'drop_params is on',
        proxy: 'leaves out parameters that it thinks a provider does not know, without a word: a seed or a temperature may never arrive',
        fix: 'where models are compared, leave it off, and see what is refused',
      },
    ];
  },
};
