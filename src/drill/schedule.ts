/** A schedule: which model is drilled, with what requests, under which faults, and what is expected of it. */
import * as z from 'zod';
import { faultSchema } from './faults.ts';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });
const name = must(z.string().min(1), 'a name');
const share = must(z.number().min(0).max(1), 'a share from 0 to 1').optional();
const count = must(z.int().min(1), 'a whole number above 0');
const seconds = must(z.number().gt(0), 'a number of seconds above 0');

const phase = z.strictObject({
  name,
  requests: count,
  /** absent: no fault */
  fault: faultSchema.optional(),
  expect: z
    .strictObject({
      /** least share of requests with an answer within the deadline (1) */
      completed: share,
      /** least shares of the answers, by who gave them */
      by_candidate: share,
      by_fallback: share,
      /** most seconds from the end of the fault until the candidate is asked again */
      recovers_within_s: seconds.optional(),
    })
    .optional(),
});
export type Phase = z.infer<typeof phase>;

export const scheduleSchema = z.strictObject({
  name,
  description: z.string().optional(),
  /** an entry of models.yaml with `provider: hybrid` */
  model: name,
  /** whose cases are the requests, and whose elements judge the answers */
  suite: name.optional(),
  /** the request, where no suite is named */
  prompt: must(z.string().min(1), 'text').optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  stream: must(z.boolean(), 'true or false').optional(),
  concurrency: count.optional(),
  deadline_s: seconds,
  /** whether the faults are gone through once more with `local_only`, and a listener in the place of the fallback */
  check_local_only: must(z.boolean(), 'true or false').optional(),
  phases: must(z.array(phase).min(1), 'a list of phases'),
});
export type Schedule = z.infer<typeof scheduleSchema>;
