/**
 * Where the answers of one model in one suite are: those asked now by their place in the journal, those recorded where they
 * are recorded, the few others in memory. So a run of any size holds places, not answers.
 */
import type { Call } from './plan/plan-calls.ts';
import type { Answer } from './record.ts';
import type { Place } from './run/journal.ts';

export interface Seats {
  /** an answer that stands in the journal */
  place: (seat: number, place: Place) => void;
  /** an answer that can be recalled from its call at any time: a recorded one, or a reason why there is none */
  leave: (seat: number) => void;
  /** an answer that stands nowhere else */
  hold: (seat: number, answer: Answer) => void;
  get: (seat: number, call: Call) => Answer;
  /** how many seats are still without an answer */
  empty: () => number;
}

const EMPTY = -1;
const RECALLED = -2;
const HELD = -3;

/** `seats` counts cases times samples, in the order of cases. */
export function openSeats(
  seats: number,
  { read, recall }: { read: (place: Place, call: Call) => Answer; recall: (call: Call) => Answer },
): Seats {
  const offsets = new Float64Array(seats).fill(EMPTY);
  const lengths = new Uint32Array(seats);
  const held = new Map<number, Answer>();
  let left = seats;
  const take = (seat: number, value: number) => {
    if (offsets[seat] === EMPTY) left--;
    offsets[seat] = value;
  };
  return {
    place(seat, { offset, length }) {
      take(seat, offset);
      lengths[seat] = length;
    },
    leave: (seat) => take(seat, RECALLED),
    hold(seat, answer) {
      take(seat, HELD);
      held.set(seat, answer);
    },
    get(seat, call) {
      const offset = offsets[seat] ?? EMPTY;
      const own = held.get(seat);
      if (own !== undefined) return own;
      if (offset === RECALLED) return recall(call);
      if (offset < 0) throw new Error(`seat ${seat} of "${call.model.name}" in "${call.suite}" has no answer`);
      return read({ offset, length: lengths[seat] ?? 0 }, call);
    },
    empty: () => left,
  };
}
