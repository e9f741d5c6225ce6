/**
 * The one place where sockets are made: what undici connects through. Each is announced on a diagnostics channel, where the
 * egress ledger (src/egress.ts) counts it, and none leaves this machine where that is forbidden.
 */
import { channel } from 'node:diagnostics_channel';
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector as Build } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import { ALLOW_HOST, LOCAL_ONLY } from './socket-variables.ts';

/** Channel on which every socket is announced as it is made, with what it is for. */
export const ANNOUNCED = 'onpar:socket';
export interface Announced {
  socket: Socket;
  /** name and port that the socket is to reach: with a proxy, the proxy's */
  host: string;
  purpose: string;
  /** what a proxy gets it sends on, wherever the proxy itself may be */
  isProxy: boolean;
}

/** An address that may not be reached. Nothing was sent to it. */
export class NotLocal extends Error {
  override readonly name = 'NotLocal';
  readonly code = 'ONPAR_NOT_LOCAL';
  constructor(hostname: string, address: string | null) {
    const where = address === null || address === hostname ? '' : ` (${address})`;
    super(`${hostname}${where} is not on this machine, and --local-only is set; if it may be asked, add --allow-host ${hostname}`);
  }
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Of an IPv4 or IPv6 address, or the one written as the other. */
export const isLoopbackAddress = (address: string): boolean => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();

export const isLocalOnly = (env: NodeJS.ProcessEnv): boolean =>
  !['', '0', 'false', 'no', 'off'].includes((env[LOCAL_ONLY] ?? '').toLowerCase());

const isListed = (env: NodeJS.ProcessEnv, name: string): boolean =>
  (env[ALLOW_HOST] ?? '').split(',').some((one) => one.trim() !== '' && bare(one.trim()) === bare(name));

/** Whether a socket may reach the address that the name was looked up to. */
const mayReach = (env: NodeJS.ProcessEnv, hostname: string, address: string): boolean =>
  !isLocalOnly(env) || isLoopbackAddress(address) || isListed(env, hostname) || isListed(env, address);

const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];

/** Whether a proxy may be asked to fetch from the host: where it would go from there cannot be seen, so the name itself must be allowed. A SOCKS proxy is connected to elsewhere, where its own address is not judged. */
export const mayUseProxy = (env: NodeJS.ProcessEnv, hostname: string): boolean =>
  !isLocalOnly(env) || (isListed(env, hostname) && !PROXY_VARIABLES.some((name) => /^socks/i.test(env[name] ?? '')));

export interface ConnectOptions {
  /** for people: `asking qwen2.5-72b`, `embedding`, `fetching an encoder` */
  purpose: string;
  isProxy?: boolean;
  timeout?: number;
  lookup?: LookupFunction;
}

/** What an undici Agent or Pool takes as `connect`. The address is judged after the look-up, so that a name cannot hide it. */
export function openConnect(
  env: NodeJS.ProcessEnv,
  { purpose, isProxy = false, timeout, lookup = systemLookup }: ConnectOptions,
): Build.connector {
  const judged = judgedLookup(env, lookup);
  const connector = buildConnector({ allowH2: false, lookup: judged, ...(timeout !== undefined && { timeout }) });
  return (options, callback) => {
    const { hostname, protocol, port, httpSocket } = options;
    // inside a proxy's tunnel: its socket was announced
    if (httpSocket) return void connector(options, callback);
    const address = bare(hostname);
    if (isIP(address) !== 0 && !mayReach(env, hostname, address)) return void callback(new NotLocal(address, null), null);
    const isTls = protocol === 'https:';
    const number = port || (isTls ? '443' : '80');
    // the bare socket first, also for TLS: only it knows the bytes that go over the wire
    const socket = connector({ ...options, protocol: 'http:', port: number }, (error, opened) => {
      if (error !== null) return callback(error, null);
      if (!mayReach(env, hostname, opened.remoteAddress ?? '')) {
        opened.destroy();
        return callback(new NotLocal(hostname, opened.remoteAddress ?? null), null);
      }
      if (!isTls) return callback(null, opened);
      connector({ ...options, httpSocket: opened }, callback);
    });
    channel(ANNOUNCED).publish({ socket, host: `${hostname}:${number}`, purpose, isProxy } satisfies Announced);
  };
}

/** A look-up that gives away no address that may not be reached. */
function judgedLookup(env: NodeJS.ProcessEnv, lookup: LookupFunction): LookupFunction {
  if (!isLocalOnly(env)) return lookup;
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const all = found as { address: string; family: number }[];
      const far = all.find(({ address }) => !mayReach(env, hostname, address));
      if (far) callback(new NotLocal(hostname, far.address), []);
      else if (options.all) callback(null, all);
      else callback(null, all[0]!.address, all[0]!.family);
    });
}
