/** The egress ledger: what went over every socket of this process while it was watched, as the sockets themselves count it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Egress } from './record.ts';
import { ANNOUNCED, type Announced, isLoopbackAddress } from './sockets.ts';

export interface Ledger {
  /** by host, address and purpose, in the order of host; connections that are open still are counted as far as they are */
  entries: () => Egress[];
  close: () => void;
}

/** Channel of Node: every TCP socket that the process opens, whoever opens it. */
const NODE_SOCKETS = 'net.client.socket';

/** It may lead to a proxy, so it is not taken for local. */
const NOBODYS = { host: '', purpose: 'unknown', isProxy: false };

/** Sockets that nobody announced are counted, too: their purpose is `unknown`. */
export function watchSockets(): Ledger {
  const open = new Map<Socket, Omit<Announced, 'socket'>>();
  // what is closed is summed up at once: a long run may open thousands
  const closed = new Map<string, Egress>();
  const add = (socket: Socket) => {
    if (open.has(socket)) return;
    open.set(socket, NOBODYS);
    // its address is gone by the time it is closed
    let address: string | null = null;
    socket.once('connect', () => (address = socket.remoteAddress ?? null));
    socket.once('close', () => {
      const entry = entryOf(socket, open.get(socket)!, address);
      open.delete(socket);
      if (entry !== null) sumUp(closed, entry);
    });
  };
  const onSocket = (message: unknown) => add((message as { socket: Socket }).socket);
  const onAnnounced = (message: unknown) => {
    const { socket, ...what } = message as Announced;
    add(socket);
    open.set(socket, what);
  };
  subscribe(NODE_SOCKETS, onSocket);
  subscribe(ANNOUNCED, onAnnounced);
  return {
    entries() {
      const all = new Map([...closed].map(([key, entry]) => [key, { ...entry }]));
      for (const [socket, what] of open) {
        const entry = entryOf(socket, what, socket.remoteAddress ?? null);
        if (entry !== null) sumUp(all, entry);
      }
      return [...all.values()].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
    },
    close() {
      unsubscribe(NODE_SOCKETS, onSocket);
      unsubscribe(ANNOUNCED, onAnnounced);
    },
  };
}

/** Null for pipes, which reach nobody else, and for what was neither announced nor connected. */
function entryOf(socket: Socket, { host, purpose, isProxy }: Omit<Announced, 'socket'>, address: string | null): Egress | null {
  const name = host || address;
  if (name === null) return null;
  return {
    host: name,
    address,
    purpose: isProxy ? `${purpose} through a proxy` : purpose,
    bytes_out: socket.bytesWritten,
    bytes_in: socket.bytesRead,
    loopback: address !== null && !isProxy && purpose !== NOBODYS.purpose && isLoopbackAddress(address),
  };
}

function sumUp(sums: Map<string, Egress>, entry: Egress): void {
  const key = JSON.stringify([entry.host, entry.address, entry.purpose, entry.loopback]);
  const sum = sums.get(key);
  if (sum === undefined) return void sums.set(key, entry);
  sum.bytes_out += entry.bytes_out;
  sum.bytes_in += entry.bytes_in;
}
