import { describe, expect, it } from 'vitest';
import { problemsOf, run } from '../helpers/project.ts';
import { auditsOf, level, makeNoisyProject, seenBy } from './noisy-project.ts';

/** Keeps of 100 trials in which nothing has an effect, as bench/decisions finds them for each profile. */
const TABLE = { balanced: 2.3, progress: 7 };

describe.each(Object.entries(TABLE))('100 trials in which no idea has an effect, judged by profile %s', (profile, per100) => {
  it('keep little, and the audit says that no gain is shown', async () => {
    // Experiments are numbered together with controls, and the agent goes by their number.
    const ideas = Array.from({ length: 100 }, (_, index) => level(1, `${profile} idea ${index}`));
    const repo = makeNoisyProject({ sigma: 0.05 }, ideas, {
      gates: [{ use: 'posterior', with: { profile } }, { use: 'audit' }],
      budget: { experiments: 1000 },
    });
    const { experiments } = await run(repo.dir);
    const trials = seenBy(repo).length;
    expect(trials).toBeGreaterThanOrEqual(100);
    const keeps = experiments.filter(({ id, verdict }) => id > 0 && verdict === 'keep');
    // Chance alone doubles such a count now and then; the seeds are fixed, so this does not flicker.
    expect(keeps.length).toBeLessThanOrEqual((2 * per100 * trials) / 100);
    const audits = await auditsOf(repo);
    expect(audits.map(({ claim }) => claim.shown)).toEqual(keeps.length > 0 ? ['none'] : []);
    for (const { text } of audits) expect(text).toMatch(/^no gain shown/);
    expect(await problemsOf(repo.dir)).toEqual([]);
    if (profile === 'progress') expect(audits).toHaveLength(1);
  });
});
