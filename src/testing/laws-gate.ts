import assert from 'node:assert/strict';
import { ReasonError, type AnyDefinition, type Gate, type GateResult, type RunView } from '../plugin.ts';
import type { CommittedExperiment, ScoredExperiment } from '../experiment.ts';
import type { GateCase, PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { mirrorExperiment, mirrorRun } from './mirror.ts';
import { createFrom } from './options.ts';
import { makeExperiment, makeRunView, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';

type Verdicts = { readonly screen: Decision | null; readonly judge: Decision | null };
type Decision = { readonly outcome: GateResult['outcome'] | 'refused'; readonly code: string };

/** A gate decides from what it is given, and from nothing else. */
export function testGate({ it }: Runner, definition: AnyDefinition, test: PluginTest<'gate'>): void {
  const cases = [...EXAMPLES, ...(test.cases ?? [])];
  const create = (options = test.options.valid[0] ?? {}) => createFrom(definition, options, makeContext()) as Gate;

  it('judges, screens, observes or audits', async () => {
    const gate = create();
    assert.ok(gate.judge ?? gate.screen ?? gate.observe ?? gate.audit, 'a gate without a method never decides anything');
  });

  for (const example of cases) {
    const run = makeRunView(example.run);
    const experiment = makeExperiment({ state: 'scored', id: 2, ...example.experiment });

    it(`decides the same for the same input: ${example.name}`, async () => {
      const first = await decide(create(example.options), experiment, run);
      const second = await decide(create(example.options), experiment, run);
      assert.deepEqual(second, first);
      if (example.expect !== undefined) assert.equal(first.judge?.outcome, example.expect);
    });

    it(`decides the same for mirrored scores and direction: ${example.name}`, async () => {
      const plain = await decide(create(example.options), experiment, run);
      const mirrored = mirrorExperiment(experiment, run.objective.label);
      assert.deepEqual(await decide(create(example.mirrorOptions ?? example.options), mirrored, mirrorRun(run)), plain);
    });
  }
}

async function decide(gate: Gate, experiment: ScoredExperiment, run: RunView): Promise<Verdicts> {
  const { score: _score, ...rest } = experiment;
  const candidate = makeExperiment({ ...rest, state: 'committed', score: null }) satisfies CommittedExperiment;
  const screen = await decisionOf(() => gate.screen?.(candidate, run));
  const judge = await decisionOf(() => gate.judge?.(experiment, run));
  await gate.dispose?.();
  return { screen, judge };
}

async function decisionOf(ask: () => GateResult | Promise<GateResult> | undefined): Promise<Decision | null> {
  const answer = async () => ask();
  const result = await answer().catch((error: unknown) => {
    if (error instanceof ReasonError) return error;
    throw error;
  });
  if (result === undefined) return null;
  // Such as a metric this gate is about and the examples do not have: a decision like any other.
  if (result instanceof ReasonError) return { outcome: 'refused', code: result.code };
  assert.ok(['pass', 'fail', 'more', 'review'].includes(result.outcome), `unknown outcome ${result.outcome}`);
  assert.ok(result.code.length > 0 && result.reason.length > 0, 'every decision has a code and a reason');
  assert.deepEqual(JSON.parse(JSON.stringify(result.evidence ?? {})), result.evidence ?? {}, 'evidence is plain JSON');
  return { outcome: result.outcome, code: result.code };
}

const EXAMPLES: readonly GateCase[] = [
  { name: 'much better', experiment: scored([0.5]) },
  { name: 'a little better', experiment: scored([0.999]) },
  { name: 'equal', experiment: scored([1]) },
  { name: 'worse', experiment: scored([1.2]) },
  { name: 'better in three trials', experiment: scored([0.9, 0.91, 0.89]) },
  { name: 'better in the mean of scattered trials', experiment: scored([0.2, 1.4, 1.1]) },
];

function scored(values: readonly number[]): Partial<ScoredExperiment> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    score: { value: mean, spread: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)), n: values.length },
    metrics: { score: mean },
    trials: values.map((value, index) => makeTrial({ index, seed: index + 1, metrics: { score: value } })),
  };
}
