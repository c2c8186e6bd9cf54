import { expect, it } from 'vitest';
import { makeAudit, makeBrief, makeContext, makeExperiment, makeRunView, makeTrial } from '../../src/testing.ts';
import { expectValid } from '../helpers/project.ts';

it('give frozen records, with the fields asked for', () => {
  const experiment = makeExperiment({ state: 'scored', id: 7, trials: [makeTrial({ seed: 5 })] });
  expect(experiment.score.value).toBe(1);
  expect(experiment.trials[0]?.seed).toBe(5);
  expect(Object.isFrozen(experiment.trials[0]?.metrics)).toBe(true);
  expect(Object.isFrozen(makeRunView({ history: [] }).objective)).toBe(true);
  expect(makeExperiment().verdict).toBe('keep');
});

it('give a context that runs programs and a brief', async () => {
  const { tail } = await makeContext().exec(['echo', 'hello']);
  expect(tail.trim()).toBe('hello');
  expect(makeBrief({ id: 4 }).id).toBe(4);
});

it('give a settled experiment the engine could have written', () => {
  expectValid(makeExperiment());
  expect(makeAudit({ rolledBack: true })).toMatchObject({ rolledBack: true, claim: { shown: 'gain' } });
});
