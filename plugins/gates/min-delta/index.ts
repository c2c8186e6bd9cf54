import { definePlugin, gain, type GateResult, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'gate',
  name: 'min-delta',
  apiVersion: 1,
  description: 'Passes a candidate whose score is better than the incumbent by at least delta.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      delta: { type: 'number', minimum: 0, default: 0, description: 'The least gain, in units of the score. With 0, any gain counts and a tie does not.' },
      simpler: { type: 'boolean', default: false, description: 'Also pass a tie when the candidate removes more lines than it adds.' },
    },
  },
  create: ({ delta, simpler }) => ({
    improvement: true,
    judge(experiment: ScoredExperiment, { incumbent, objective }: RunView): GateResult {
      const before = incumbent?.score?.value;
      if (before === undefined) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
      const value = experiment.score.value;
      const gained = gain(value, before, objective.direction);
      const evidence = { value, incumbent: before, gain: gained, delta };
      if (gained > 0 && gained >= delta) {
        return { outcome: 'pass', code: 'IMPROVED', reason: `${objective.label} ${show(value)} is better than ${show(before)} by ${show(gained)}`, evidence };
      }
      const { added, removed } = experiment.diff ?? { added: 0, removed: 0 };
      if (simpler && gained === 0 && removed > added) {
        return { outcome: 'pass', code: 'SIMPLER', reason: `the same ${objective.label} with ${removed - added} lines less`, evidence };
      }
      const least = delta > 0 ? `; at least ${show(delta)} is asked` : '';
      const by = gained === 0 ? 'equals the incumbent' : `is ${gained > 0 ? 'better' : 'worse'} than ${show(before)} by ${show(Math.abs(gained))}`;
      return { outcome: 'fail', code: gained > 0 ? 'BELOW_DELTA' : 'NOT_BETTER', reason: `${objective.label} ${show(value)} ${by}${gained > 0 ? least : ''}`, evidence };
    },
  }),
});

function show(value: number): string {
  return Number(value.toPrecision(6)).toString();
}
