/** The table of element kinds. Schema, labels and checks of suites follow from it. */
import { equals } from './equals.ts';
import { insight } from './insight.ts';
import { matches } from './matches.ts';
import { not } from './not.ts';
import { text } from './text.ts';

export const elementKinds = { text, insight, matches, equals, not } as const;
