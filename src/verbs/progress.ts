/** One line on stderr that says how far a run is; on a terminal it is rewritten, elsewhere each step is said once. */
import type { Console } from './verb.ts';

export function progressLine({ err, isLive, width }: Pick<Console, 'err' | 'isLive' | 'width'>): {
  show: (step: string, done: number, total: number) => void;
  clear: () => void;
} {
  let step = '';
  let isDirty = false;
  return {
    show(next, done, total) {
      if (isLive) {
        const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
        err(`\r\u001b[2K${`${next}  ${done}/${total}  ${percent} %`.slice(0, width - 1)}`);
        isDirty = true;
      } else if (next !== step && total > 0) {
        err(`${next} (${total})\n`);
      }
      step = next;
    },
    clear() {
      if (isDirty) err('\r\u001b[2K');
      isDirty = false;
    },
  };
}
