/** The table of rules. Repairs are made in this order: fallbacks must have their shape before an alias can be given some. */
import type { Rule } from '../finding.ts';
import { aliases } from './aliases.ts';
import { fallbacks } from './fallbacks.ts';
import { keys } from './keys.ts';
import { models } from './models.ts';
import { router } from './router.ts';
import { sections } from './sections.ts';
import { servers } from './servers.ts';
import { settings } from './settings.ts';

export const rules: Readonly<Record<string, Rule>> = { sections, models, servers, fallbacks, aliases, router, keys, settings };
