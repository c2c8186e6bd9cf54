/** Judging with the posterior gate after a made-up history. */
import type { Gate, GateResult, RunView, Summary } from '../../src/plugin.ts';
import posterior from '../../plugins/gates/posterior/index.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, makeTrial, type Options } from '../../src/testing.ts';
import { createFrom } from '../../src/testing/options.ts';

export const BASE = 'b'.repeat(40);
export const GIVEN = { sigma: 1, df: 0, source: 'config', given: 1 } as const;

export const baseline = (score: number, { n = 3, spread = 1 } = {}): Summary =>
  makeSummary({ id: 0, verdict: 'keep', reason: { code: 'BASELINE', text: '' }, score, n, spread, parent: BASE, candidate: BASE });

let commits = 0;
export const tried = (score: number, partial: Partial<Summary> = {}): Summary =>
  makeSummary({ id: ++commits, score, n: 1, spread: 0, parent: BASE, candidate: `${commits}`.padStart(40, 'c'), ...partial });

export const scored = (values: readonly number[]) => {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const trials = values.map((each, index) => makeTrial({ index, metrics: { score: each } }));
  return makeExperiment({ state: 'scored', id: 99, score: { value, spread: 0, n: values.length }, trials });
};

const viewOf = (history: readonly Summary[], partial: Partial<RunView> = {}): RunView => {
  const keep = history.findLast(({ verdict }) => verdict === 'keep');
  const score = { value: keep?.score ?? 0, spread: keep?.spread ?? 0, n: keep?.n ?? 1 };
  return makeRunView({ history, incumbent: makeExperiment({ id: keep?.id ?? 0, candidate: keep?.candidate ?? BASE, score }), ...partial });
};

export const create = (options: Options = {}) => createFrom(posterior, options, makeContext({ path: 'gates[0]' })) as Gate;
export const judge = (
  history: readonly Summary[],
  values: readonly number[],
  { options = {}, ...run }: Partial<RunView> & { readonly options?: Options } = {},
) => create(options).judge?.(scored(values), viewOf(history, run)) as GateResult;
