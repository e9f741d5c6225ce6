#!/usr/bin/env node
/** Guilty until judged: the process starts with "could not judge" and takes it back last. `process.exit` is never called. */
import { loadCommand, withSources } from './load-command.ts';

process.exitCode = 2;

const BUG = 'this is a bug; run again with ONPAR_DEBUG=1 and report the stack';
const DISK = 'see what is there, who may write to it, and how much room is left';

function crash(error: unknown): void {
  process.exitCode = 2;
  const { message, stack, syscall } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  const text = process.env['ONPAR_DEBUG'] && stack ? withSources(stack) : message;
  process.stderr.write(`onpar crashed: ${text}\n  fix: ${syscall === undefined ? BUG : DISK}\n`);
}

process.on('uncaughtException', crash);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') crash(error);
});
try {
  process.exitCode = await loadCommand().main(process.argv.slice(2));
} catch (error) {
  crash(error);
}
