/** Real servers that some tests talk to. Where one is not running its tests are skipped and say so; ONPAR_REAL_SERVERS=1 makes that a failure. Not part of the program. */

export interface RealServer {
  url: string;
  isUp: boolean;
}

/** `what` and how to start it, for people; healthy when /health or LiteLLM's own address answers. */
export async function needServer(what: string, url: string): Promise<RealServer> {
  for (const path of ['/health/liveliness', '/health']) {
    const isUp = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(3000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { url, isUp };
  }
  const how = `${what} is not running at ${url} (fixtures/servers/start-all.sh starts it)`;
  if (process.env['ONPAR_REAL_SERVERS'] === '1') throw new Error(how);
  console.warn(`skipped: ${how}`);
  return { url, isUp: false };
}
