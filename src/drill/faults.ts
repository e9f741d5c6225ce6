/** The kinds of faults that a drill knows. `keys` are the options that a kind takes, in a phase's `fault:`. */
import * as z from 'zod';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });

export const faultKinds = {
  refused: { keys: [], help: 'nobody listens' },
  reset: { keys: [], help: 'the connection is reset once the request is there' },
  status: { keys: ['status', 'retry_after_s'], help: 'an error of the server (503), with Retry-After if given' },
  hang: { keys: [], help: 'the request is taken, and never answered' },
  slow_first_token: { keys: ['after_s'], help: 'the answer begins later (5 s)' },
  cut: { keys: ['after_bytes'], help: 'the connection breaks off in the answer (after 300 bytes)' },
  wrong_model: { keys: [], help: 'another model answers' },
  half_open: { keys: ['probes'], help: '503, and so many more of them once the fault is over (2)' },
  command: { keys: ['stop', 'start'], help: 'a command stops the server, another starts it again; needs --commands' },
} as const satisfies Record<string, { keys: readonly string[]; help: string }>;

export type FaultKind = keyof typeof faultKinds;

export const faultSchema = z.strictObject({
  kind: z.enum(Object.keys(faultKinds) as [FaultKind, ...FaultKind[]]),
  status: must(z.int().min(400).max(599), 'a status from 400 to 599').optional(),
  retry_after_s: must(z.int().min(0), 'a whole number of seconds').optional(),
  after_s: must(z.number().gt(0), 'a number of seconds above 0').optional(),
  after_bytes: must(z.int().min(1), 'a whole number above 0').optional(),
  probes: must(z.int().min(1), 'a whole number above 0').optional(),
  stop: must(z.string().min(1), 'a shell command').optional(),
  start: must(z.string().min(1), 'a shell command').optional(),
});
export type Fault = z.infer<typeof faultSchema>;

/** What is wrong with a fault's options beyond their types; null when nothing is. */
export function misfit(fault: Fault): string | null {
  const { kind, ...given } = fault;
  const keys: readonly string[] = faultKinds[kind].keys;
  const stray = Object.keys(given).find((key) => !keys.includes(key));
  if (stray !== undefined) return `a fault "${kind}" takes no ${stray}${keys.length > 0 ? ` (it takes ${keys.join(', ')})` : ''}`;
  if (kind === 'command' && (fault.stop === undefined || fault.start === undefined)) return 'a fault "command" needs stop and start';
  return null;
}
