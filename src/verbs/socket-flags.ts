/** `--local-only` and `--allow-host`: where sockets may go, for verbs that open any. */
import { InputError } from '../errors.ts';
import { ALLOW_HOST, LOCAL_ONLY } from '../socket-variables.ts';
import { type Console, type Flag, type FlagValues, listFlag } from './verb.ts';

export const socketFlags: Record<string, Flag> = {
  'local-only': { type: 'boolean', help: `reach nothing but this machine, and say what was refused (or set ${LOCAL_ONLY}=1)` },
  'allow-host': {
    type: 'string',
    multiple: true,
    value: 'HOST',
    help: 'with --local-only: a name or an address that may be reached all the same',
  },
};

/** The console with the flags in its environment, where every room that opens a socket reads them. */
export function withSocketFlags(values: FlagValues, console: Console): Console {
  const hosts = listFlag(values, 'allow-host').map((one) => one.trim());
  const wrong = hosts.find((one) => one === '' || /[/@\s]|^[^[]*:\d*$/.test(one));
  if (wrong !== undefined)
    throw new InputError({
      code: 'cli/bad-host',
      what: `--allow-host ${wrong}: this is no name and no address of a host`,
      fix: 'write the host alone, with no scheme and no port: --allow-host gpu-box.lan',
    });
  if (values['local-only'] !== true && hosts.length === 0) return console;
  const allowed = [console.env[ALLOW_HOST], ...hosts].filter(Boolean).join(',');
  return { ...console, env: { ...console.env, ...(values['local-only'] === true && { [LOCAL_ONLY]: '1' }), [ALLOW_HOST]: allowed } };
}
