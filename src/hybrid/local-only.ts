/** `localOnly`: the fence around the candidate's address. A name could lead anywhere, so only addresses and localhost pass by themselves. */
import { BlockList, isIP } from 'node:net';
import { InputError } from '../errors.ts';

const nearby = new BlockList();
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  nearby.addSubnet(net, bits, 'ipv4');
nearby.addAddress('::1', 'ipv6');
nearby.addSubnet('fc00::', 7, 'ipv6');
nearby.addSubnet('fe80::', 10, 'ipv6');

export const isLocalName = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/** Whether a host is this machine or a private network, by its address alone. `host` may have a port. */
export function isNearby(host: string): boolean {
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  if (isLocalName(name)) return true;
  const version = isIP(name);
  return version !== 0 && nearby.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

/** Throws InputError for a candidate elsewhere that `allowHosts` does not name, with or without its port. */
export function requireLocal(host: string, allowHosts: readonly string[]): void {
  const name = new URL(`http://${host}`).hostname;
  if (isNearby(host) || allowHosts.includes(name) || allowHosts.includes(host)) return;
  throw new InputError({
    code: 'hybrid/not-local',
    what: `localOnly: the candidate is at ${host}, which is neither this machine nor an address of a private network`,
    fix: `use its address, or allow the name: allowHosts: ["${name}"]`,
  });
}
