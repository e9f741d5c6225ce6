/** A call → the answer that was recorded for it, or a named reason why there is none. */
import type { Answer, Message, Params } from '../record.ts';
import type { Recording, Shelf } from './recordings.ts';

/** Where a recorded answer is looked up. */
export interface ReplayCall {
  model: { name: string };
  case: string;
  sample: number;
  request: string;
  messages: Message[];
  params: Params;
}

export type Found = { recording: Recording } | { state: Answer['state']; why: string };

export function replay(call: ReplayCall, shelf: Shelf): Found {
  const recording = shelf.byRequest.get(call.request);
  if (recording === 'malformed')
    return { state: 'malformed', why: `the recording of "${call.model.name}" for this case is not valid JSON of an answer` };
  if (recording !== undefined) return { recording };
  if (shelf.cases.has(call.case)) {
    return {
      state: 'missing',
      why: `the recording of "${call.model.name}" is stale: the case's prompt or parameters changed since it was made`,
    };
  }
  return { state: 'missing', why: `"${call.model.name}" has no recorded answer to this case` };
}
