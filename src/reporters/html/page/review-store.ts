/** The reviewer's decisions, kept in the browser under the name of the run until they are saved as a file. */
import { noReview, readReview, reviewText, type Review } from './review-file.ts';

export interface ReviewStore {
  get: () => Review;
  /** false where the browser keeps nothing: then only this page knows it */
  set: (review: Review) => boolean;
}

const KEY = 'onpar-review:';

/** A page opened from disk may have no storage, or hold what another program left. */
export function openReview(run: string, onChange: () => void): ReviewStore {
  const key = KEY + run;
  let review = noReview(run);
  const load = () => {
    try {
      const text = localStorage.getItem(key);
      review = text === null ? noReview(run) : readReview(text, run);
    } catch {
      // what is there is no review of this run: it is left alone until something is decided
    }
  };
  load();
  // the same report in another tab
  addEventListener('storage', (event) => {
    if (event.key !== key) return;
    load();
    onChange();
  });
  return {
    get: () => review,
    set: (changed) => {
      review = changed;
      onChange();
      try {
        localStorage.setItem(key, reviewText(changed));
        return true;
      } catch {
        return false;
      }
    },
  };
}
