import { inspect, isDeepStrictEqual } from 'node:util';
import { ReasonError, type AnyDefinition, type Gate, type GateResult, type RunView } from '../plugin.ts';
import type { CommittedExperiment, ScoredExperiment } from '../experiment.ts';
import type { GateCase, PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { disposeTwice } from './end.ts';
import { expectThat, lawsOf, LIMIT_MS } from './law.ts';
import { mirrorExperiment, mirrorRun } from './mirror.ts';
import { createFrom } from './options.ts';
import { makeExperiment, makeRunView, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

type Decisions = { readonly screen: Decision | null; readonly observe: string | null; readonly judge: Decision | null };
type Decision = { readonly outcome: GateResult['outcome'] | 'refused'; readonly code: string };

/** The rules for gates: a gate decides only from what it is given. */
export function testGate(runner: Runner, definition: AnyDefinition, test: PluginTest<'gate'>): void {
  const law = lawsOf(runner, definition, test);
  const cases = [...EXAMPLES, ...(test.cases ?? [])];
  const create = (options = test.options.valid[0] ?? {}) => createFrom(definition, options, makeContext()) as Gate;

  law('judges, screens, observes or audits', 'at least one of these methods', async () => {
    const { judge, screen, observe, audit } = create();
    expectThat(
      [judge, screen, observe, audit].some((method) => method !== undefined),
      'a gate that never decides anything',
    );
  });

  for (const example of cases) {
    const run = makeRunView(example.run);
    const experiment = makeExperiment({ state: 'scored', id: 2, ...example.experiment });

    law(`decides the same for the same input: ${example.name}`, 'one decision, from a new instance and from the same one', async () => {
      const gate = create(example.options);
      const first = await decide(gate, experiment, run);
      for (const [trial, other] of [create(example.options), gate].entries()) {
        const again = await decide(other, experiment, run, trial);
        expectThat(isDeepStrictEqual(again, first), `first ${show(first)}, then ${show(again)}`);
        await disposeTwice(other);
      }
    });

    law(
      `decides the same for mirrored scores and direction: ${example.name}`,
      'the same decision if scores are negated and the direction is reversed; compare with better() and gain()',
      async () => {
        const plain = await decide(create(example.options), experiment, run);
        const mirrored = mirrorExperiment(experiment, run.objective.label);
        const other = await decide(create(example.mirrorOptions ?? example.options), mirrored, mirrorRun(run));
        expectThat(isDeepStrictEqual(other, plain), `${show(plain)} for ${run.objective.direction}, ${show(other)} mirrored`);
      },
    );

    if (example.expect === undefined) continue;
    law(`decides as expected: ${example.name}`, `the outcome ${example.expect}`, async () => {
      const { judge } = await decide(create(example.options), experiment, run);
      expectThat(judge?.outcome === example.expect, judge === null ? 'no judge method' : show({ judge }));
    });
  }
}

async function decide(gate: Gate, experiment: ScoredExperiment, run: RunView, trial = 0): Promise<Decisions> {
  const { score: _score, ...rest } = experiment;
  const candidate = makeExperiment({ ...rest, state: 'committed', score: null }) satisfies CommittedExperiment;
  const screen = await decisionOf(() => gate.screen?.(candidate, run));
  const observe = await observed(gate, candidate, run, trial);
  const judge = await decisionOf(() => gate.judge?.(experiment, run));
  return { screen, observe, judge };
}

/** The code with which a trial with this output is stopped; null if it is not stopped. */
async function observed(gate: Gate, experiment: CommittedExperiment, run: RunView, trial: number): Promise<string | null> {
  for (const [index, line] of LINES.entries()) {
    const answer = await settlesWithin(
      LIMIT_MS,
      Promise.resolve(gate.observe?.({ experiment, index: trial, line, elapsedSeconds: index + 1 }, run)),
    );
    if (answer === undefined) continue;
    expectThat(Boolean(answer.stop?.code && answer.stop.text), `observe answered ${JSON.stringify(answer)}, not { stop: { code, text } }`);
    return answer.stop.code;
  }
  return null;
}

async function decisionOf(ask: () => GateResult | Promise<GateResult> | undefined): Promise<Decision | null> {
  const answer = async () => ask();
  const result = await settlesWithin(LIMIT_MS, answer()).catch((error: unknown) => {
    if (error instanceof ReasonError) return error;
    throw error;
  });
  if (result === undefined) return null;
  // A crash, for example because the examples lack a metric the gate needs, counts as a decision.
  if (result instanceof ReasonError) return { outcome: 'refused', code: result.code };
  expectThat(['pass', 'fail', 'more', 'review'].includes(result.outcome), `the unknown outcome ${JSON.stringify(result.outcome)}`);
  expectThat(result.code?.length > 0 && result.reason?.length > 0, `a decision without code or reason: ${JSON.stringify(result)}`);
  const evidence = result.evidence ?? {};
  expectThat(isDeepStrictEqual(JSON.parse(JSON.stringify(evidence)), evidence), `evidence that is no plain JSON: ${inspect(evidence)}`);
  return { outcome: result.outcome, code: result.code };
}

function show(decisions: Partial<Decisions>): string {
  const words = Object.entries(decisions).map(([method, decision]) => {
    if (decision === null) return null;
    return `${method}: ${typeof decision === 'string' ? `stop ${decision}` : `${decision.outcome} ${decision.code}`}`;
  });
  return words.filter((word) => word !== null).join(', ') || 'no decision';
}

const LINES = ['starting', '', 'step 1', 'score: 1', 'done'];

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
