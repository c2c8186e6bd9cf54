import assert from 'node:assert/strict';
import type { AnyDefinition, Objective } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { createFrom } from './options.ts';
import { makeRunView, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';

/** An objective makes one finite number of the trials, or says that it cannot. */
export function testObjective({ it }: Runner, definition: AnyDefinition, test: PluginTest<'objective'>): void {
  const sets = test.options.valid;
  const create = (options: object) => createFrom(definition, { ...options }, makeContext()) as Objective;
  const runOf = ({ label, direction }: Objective) => makeRunView({ ...test.cases?.run, objective: { label, direction } });

  it('says what its score is called, where it should go and what it is made of', async () => {
    for (const options of sets) {
      const objective = create(options);
      assert.ok(objective.label.length > 0, 'the label is missing');
      assert.ok(['minimize', 'maximize'].includes(objective.direction), `unknown direction ${objective.direction}`);
      assert.ok(objective.metrics.length > 0, 'the score is made of at least one metric');
    }
  });

  it('gives a finite score, and the same one for the same trials', async () => {
    for (const options of sets) {
      const objective = create(options);
      const trials =
        test.cases?.trials?.map((trial) => makeTrial(trial)) ?? [1.5, 1.25, 1.75].map((value, index) => trialOf(objective, index, value));
      const score = await objective.score(trials, runOf(objective));
      assert.deepEqual(await create(options).score(trials, runOf(objective)), score);
      assert.ok(Number.isFinite(score.value), `the score is ${score.value}`);
      assert.ok(Number.isFinite(score.spread) && score.spread >= 0, `the spread is ${score.spread}`);
      assert.ok(Number.isInteger(score.n) && score.n >= 1, `n is ${score.n}`);
    }
  });

  it('refuses trials that lack its metrics instead of scoring them', async () => {
    for (const options of sets) {
      const objective = create(options);
      const bare = Object.freeze([makeTrial({ metrics: {} })]);
      await assert.rejects(
        async () => {
          const { value } = await objective.score(bare, runOf(objective));
          // The engine refuses a score that is not finite, so this is a refusal too.
          if (!Number.isFinite(value)) throw new Error(`the score is ${value}`);
        },
        `a score was made of nothing with ${JSON.stringify(options)}`,
      );
    }
  });
}

function trialOf(objective: Objective, index: number, value: number) {
  return makeTrial({ index, seed: index + 1, metrics: Object.fromEntries(objective.metrics.map((name) => [name, value])) });
}
