/** Where an embedding server may be: on this machine or in this network, since prompts and answers are sent to it. */
import { lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { InputError } from '../errors.ts';
import { CannotHave } from './cannot-have.ts';

export interface ServedAddress {
  /** what `/embeddings` is put behind; no slash at the end */
  base: string;
  /** name and port */
  host: string;
  hostname: string;
  model: string;
}

/** Hosts, comma-separated, that may be anywhere. */
export const ALLOW = 'ONPAR_EMBEDDER_ALLOW';

export const isServed = (name: string): boolean => /^https?:/i.test(name);

/** `http://localhost:1234/v1#MODEL`; InputError where it is anything else, or where its host is known to be public. */
export function parseServed(text: string, env: NodeJS.ProcessEnv): ServedAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const bad = (what: string, fix = 'write it as http://localhost:1234/v1#MODEL') => new InputError({ code: 'embed/bad-server', what, fix });
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw bad(`--embedder ${text}: this is no address of a server`);
  // what stands before an @ may be a password
  if (url.username + url.password !== '')
    throw bad('--embedder: an address with a name or password in it is not taken', 'leave it out, and set ONPAR_EMBEDDER_KEY');
  if (url.search !== '') throw bad(`--embedder ${text}: an address with "?" is not taken`);
  const path = url.pathname.replace(/\/+$/, '').replace(/\/embeddings$/, '') || '/v1';
  const base = `${url.origin}${path}`;
  const model = nameOf(url.hash.slice(1));
  if (model === '') throw bad(`--embedder ${text}: which of its models?`, `put the name behind a #, as in ${base}#text-embedding-bge-m3`);
  const { host, hostname } = url;
  if (isIP(bare(hostname)) !== 0 && !isAllowed(hostname, env) && !isNear(bare(hostname))) throw new InputError(farAway(hostname, hostname));
  return { base, host, hostname, model };
}

/** A look-up that gives away no address beyond this network, whatever the name server says. */
export function nearOnly(env: NodeJS.ProcessEnv): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const far = isAllowed(hostname, env) ? undefined : found?.find(({ address }) => !isNear(address));
      if (error) callback(error, []);
      else if (far) callback(new CannotHave(farAway(hostname, far.address)), []);
      else if (options.all) callback(null, found);
      else callback(null, found[0]!.address, found[0]!.family);
    });
}

const near = new BlockList();
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  // shared address space: private networks that span places use it
  ['100.64.0.0', 10],
] as const)
  near.addSubnet(net, bits, 'ipv4');
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');

/** Loopback and private addresses, of IPv4, IPv6, and the one written as the other. */
export const isNear = (address: string): boolean => near.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const isAllowed = (hostname: string, env: NodeJS.ProcessEnv): boolean =>
  (env[ALLOW] ?? '').split(',').some((one) => one.trim() === hostname);

function farAway(hostname: string, address: string) {
  const where = address === hostname ? '' : ` (${address})`;
  return {
    code: 'embed/public-server',
    what: `${hostname}${where} is outside this machine and its network, and every prompt and answer would be sent there`,
    fix: `name a server on localhost or in a private network; if it may see them all, set ${ALLOW}=${hostname}`,
  };
}

/** Spaces and the like come encoded. */
function nameOf(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
