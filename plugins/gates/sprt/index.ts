import { definePlugin, gain, type GateResult, type RunView, type Score, type ScoredExperiment } from '../../../src/plugin.ts';
import { sprt } from '../../../src/stats.ts';

export default definePlugin({
  kind: 'gate',
  name: 'sprt',
  apiVersion: 1,
  description: 'Passes a candidate once a sequential test has proven its gain: for a promotion, as it costs many trials.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      effect: { type: 'number', exclusiveMinimum: 0, default: 1.5, description: 'The gain worth finding, in units of sigma.' },
      alpha: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.05,
        description: 'How often a change without any effect may pass.',
      },
      beta: { type: 'number', exclusiveMinimum: 0, maximum: 0.49, default: 0.2, description: 'How often a gain of that size may fail.' },
      maxRuns: { type: 'integer', minimum: 1, default: 6, description: 'The most trials of one candidate; undecided by then, it fails.' },
    },
  },
  create: ({ effect, alpha, beta, maxRuns }) => ({
    improvement: true,
    needsNoise: true,
    judge(experiment: ScoredExperiment, { incumbent, objective, noise }: RunView): GateResult {
      const { value, n, beside, seeds } = experiment.score;
      const before = beside ? { value: beside.value, n } : expectedOf(incumbent?.score, seeds?.expected);
      if (!before) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
      if (noise === null)
        return {
          outcome: 'fail',
          code: 'NOISE_UNKNOWN',
          reason: 'nothing is known of the noise, so nothing can be proven: measure the baseline more than once',
        };
      const { known, ...figure } = noise;
      const { sigma } = figure;
      const gained = gain(value, before.value, objective.direction);
      // All differences share the error of the incumbent's own mean, so their mean is judged as one.
      const sd = sigma * Math.sqrt(1 / n + 1 / before.n);
      const { decision, llr, acceptAt, rejectAt } = sprt([-gained], { sigma, sd, effect, alpha, beta });
      const figures = Number.isFinite(llr) ? { llr, acceptAt, rejectAt } : { acceptAt, rejectAt };
      const evidence = {
        value,
        n,
        incumbent: before.value,
        incumbentTrials: before.n,
        gain: gained,
        sigma: { ...figure, ...(known && { known: { ...known } }) },
        sd,
        effect,
        alpha,
        beta,
        maxRuns,
        ...figures,
      };
      const what = `${objective.label} ${show(value)} against ${show(before.value)} in ${n} ${n === 1 ? 'trial' : 'trials'}`;
      const least = `a gain of ${show(effect * sigma)}`;
      if (decision === 'accept')
        return {
          outcome: 'pass',
          code: 'PROVEN',
          reason: `${what}: ${sigma === 0 ? 'better, and the score does not vary' : `${least} is proven`}`,
          evidence,
        };
      if (decision === 'reject')
        return {
          outcome: 'fail',
          code: 'REFUTED',
          reason: `${what}: ${sigma === 0 ? 'not better, and the score does not vary' : `${least} is refuted`}`,
          evidence,
        };
      if (n < maxRuns)
        return { outcome: 'more', code: 'UNDECIDED', reason: `${what}: ${least} is neither proven nor refuted yet`, evidence };
      return { outcome: 'fail', code: 'NOT_PROVEN', reason: `${what}: ${least} is not proven by then`, evidence };
    },
  }),
});

function show(value: number): string {
  return Number(value.toPrecision(6)).toString();
}

/** What the incumbent would have scored on the same seeds. */
function expectedOf(score: Score | null | undefined, expected = score?.value): { readonly value: number; readonly n: number } | undefined {
  return score && expected !== undefined ? { value: expected, n: score.n } : undefined;
}
