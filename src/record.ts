/**
 * The values that rooms hand over. Everything here is plain JSON in snake_case, so that what is in memory is what is on
 * disk. A number that could not be had is `null`, with a reason beside it; it is never 0 and never passes.
 */
export * from './record/suite.ts';
export * from './record/answer.ts';
export * from './record/score.ts';
export * from './record/run.ts';
export * from './record/comparison.ts';
export * from './record/move.ts';
export * from './record/cost.ts';
export * from './record/seams.ts';
