/** Speed and cost of the answers of one side, counted one by one. */
import { type Answer, type Kpis, type Quantiles, UNHEARD_STATES } from '../record.ts';
import { numbers } from './numbers.ts';

const UNHEARD: readonly string[] = UNHEARD_STATES;
/** With fewer values, what lies beyond the ends is nothing but the smallest and the largest. */
const LEAST_FOR_TAILS = 20;

/** Null without values. `sorted` is in ascending order. Type 7 of Hyndman & Fan 1996, "Sample quantiles in statistical packages". */
export function quantilesOf(sorted: ArrayLike<number>): Quantiles | null {
  const n = sorted.length;
  if (n === 0) return null;
  const at = (share: number): number => {
    const place = share * (n - 1);
    const low = Math.floor(place);
    const [a, b] = [sorted[low] ?? 0, sorted[Math.min(n - 1, low + 1)] ?? 0];
    return a + (place - low) * (b - a);
  };
  const tail = (share: number) => (n < LEAST_FOR_TAILS ? null : at(share));
  return { n, p5: tail(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: tail(0.95) };
}

export function kpiTally(): { add: (answer: Answer) => void; figures: () => Kpis } {
  const values = { first_token_ms: numbers(), total_ms: numbers(), tokens_per_second: numbers(), output_tokens: numbers() };
  let [answers, cost]: [number, number | null] = [0, 0];
  const note = (name: keyof typeof values, value: number | null | undefined) => {
    if (value !== null && value !== undefined) values[name].push(value);
  };
  return {
    add({ state, timings, usage, call }) {
      if (UNHEARD.includes(state)) return;
      answers++;
      note('first_token_ms', timings?.first_token_ms);
      note('total_ms', timings?.total_ms);
      note('tokens_per_second', timings?.tokens_per_second);
      note('output_tokens', usage?.output_tokens);
      const own = call?.cost_usd ?? null;
      cost = cost === null || own === null ? null : cost + own;
    },
    figures: () => {
      const quantiles = (name: keyof typeof values) => quantilesOf(values[name].values().sort());
      return {
        answers,
        first_token_ms: quantiles('first_token_ms'),
        total_ms: quantiles('total_ms'),
        tokens_per_second: quantiles('tokens_per_second'),
        output_tokens: quantiles('output_tokens'),
        cost_usd: answers === 0 ? null : cost,
      };
    },
  };
}
