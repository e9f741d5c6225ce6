import type { Problem } from '../errors.ts';

/** What an encoder needs could not be had: the network, a server, the disk, or other bytes than those that are pinned. */
export class CannotHave extends Error {
  override readonly name = 'CannotHave';
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.problem = problem;
  }
}
