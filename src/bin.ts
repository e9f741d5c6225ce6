#!/usr/bin/env node
/** Guilty until judged: the process starts with "could not judge" and takes it back last. `process.exit` is never called. */
process.exitCode = 2;

function crash(error: unknown): void {
  process.exitCode = 2;
  const text = error instanceof Error ? (process.env['ONPAR_DEBUG'] ? (error.stack ?? error.message) : error.message) : String(error);
  process.stderr.write(`onpar crashed: ${text}\n  fix: this is a bug; run again with ONPAR_DEBUG=1 and report the stack\n`);
}

process.on('uncaughtException', crash);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') crash(error);
});
try {
  const { main } = await import('./cli.ts');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  crash(error);
}

export {};
