import { isDeepStrictEqual } from 'node:util';
import type { AnyDefinition, Objective } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { disposeTwice } from './end.ts';
import { expectThat, lawsOf } from './law.ts';
import { createFrom } from './options.ts';
import { makeRunView, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';

/** The rules for objectives: one makes a finite number of the trials, or says that it cannot. */
export function testObjective(runner: Runner, definition: AnyDefinition, test: PluginTest<'objective'>): void {
  const law = lawsOf(runner, definition, test);
  const sets = test.options.valid;
  const create = (options: object) => createFrom(definition, { ...options }, makeContext()) as Objective;
  const runOf = ({ label, direction }: Objective) => makeRunView({ ...test.cases?.run, objective: { label, direction } });

  law('says what its score is called, where it should go and what it is made of', 'label, direction and at least one metric', async () => {
    for (const options of sets) {
      const { label, direction, metrics } = create(options);
      expectThat(typeof label === 'string' && label.length > 0, `the label ${JSON.stringify(label)}`);
      expectThat(['minimize', 'maximize'].includes(direction), `the direction ${JSON.stringify(direction)}`);
      expectThat(metrics?.length > 0, `the metrics ${JSON.stringify(metrics)}`);
    }
  });

  law(
    'gives a finite score, and the same one for the same trials',
    '{ value, spread, n } of finite numbers, each time the same',
    async () => {
      for (const options of sets) {
        const objective = create(options);
        const trials =
          test.cases?.trials?.map((trial) => makeTrial(trial)) ?? [1.5, 1.25, 1.75].map((value, index) => trialOf(objective, index, value));
        const score = await objective.score(trials, runOf(objective));
        const again = await create(options).score(trials, runOf(objective));
        expectThat(isDeepStrictEqual(again, score), `first ${JSON.stringify(score)}, then ${JSON.stringify(again)}`);
        expectThat(Number.isFinite(score.value), `the score ${score.value}`);
        expectThat(Number.isFinite(score.spread) && score.spread >= 0, `the spread ${score.spread}`);
        expectThat(Number.isInteger(score.n) && score.n >= 1, `n = ${score.n}`);
        await disposeTwice(objective);
      }
    },
  );

  law('refuses trials that lack its metrics instead of scoring them', 'an error, or a score that is not finite', async () => {
    for (const options of sets) {
      const objective = create(options);
      const bare = Object.freeze([makeTrial({ metrics: {} })]);
      const scored = async () => objective.score(bare, runOf(objective));
      // The engine refuses a score that is not finite, so that is a refusal too.
      const value = await scored().then(
        (score) => score.value,
        () => Number.NaN,
      );
      expectThat(!Number.isFinite(value), `the score ${value} of trials without metrics, with ${JSON.stringify(options)}`);
    }
  });
}

function trialOf(objective: Objective, index: number, value: number) {
  return makeTrial({ index, seed: index + 1, metrics: Object.fromEntries(objective.metrics.map((name) => [name, value])) });
}
