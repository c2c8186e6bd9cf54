import { configureGlobal } from 'fast-check';

/**
 * Property tests draw the same examples in every run, so that a change is not blamed for a rare example that it has
 * nothing to do with. scripts/repeat-tests.ts gives each run another seed, to find these. Lists are drawn as long as their
 * tests say: otherwise hardly one would have more than ten items.
 */
configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true, seed: Number(process.env['PROPERTY_SEED'] ?? 20260101) });
