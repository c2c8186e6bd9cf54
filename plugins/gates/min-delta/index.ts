import { definePlugin, gain, type GateResult, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';
import { followReference } from './reference.ts';

export default definePlugin({
  kind: 'gate',
  name: 'min-delta',
  apiVersion: 1,
  description: 'Passes a candidate whose score is better than the incumbent by at least delta.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      delta: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'The least gain, in units of the score. With 0, any gain counts and a tie does not.',
      },
      simpler: { type: 'boolean', default: false, description: 'Also pass a tie when the candidate removes more lines than it adds.' },
      shrink: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 1,
        description:
          'How far a keep moves the number to beat towards its score. 1: all the way. 0.6 suits a score with noise, where a kept score was often lucky.',
      },
      confirm: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Trials a candidate gets after its first, one at a time, while the mean of those it has is good enough.',
      },
    },
  },
  create({ delta, simpler, shrink, confirm }) {
    const referenceOf = followReference(shrink);
    return {
      improvement: true,
      judge(experiment: ScoredExperiment, run: RunView): GateResult {
        const { objective, incumbent } = run;
        const before = experiment.score.beside?.value ?? experiment.score.seeds?.expected ?? referenceOf(run);
        if (before === null) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
        const { value, n } = experiment.score;
        const gained = gain(value, before, objective.direction);
        const evidence = { value, n, incumbent: incumbent?.score?.value ?? null, reference: before, gain: gained, delta, shrink, confirm };
        const what = `${objective.label} ${show(value)}`;
        if (gained > 0 && gained >= delta) {
          const reason = `${what} is better than ${show(before)} by ${show(gained)}`;
          if (n <= confirm) return { outcome: 'more', code: 'TO_CONFIRM', reason: `${reason} in ${n} of ${confirm + 1} trials`, evidence };
          return { outcome: 'pass', code: 'IMPROVED', reason, evidence };
        }
        const { added, removed } = experiment.diff ?? { added: 0, removed: 0 };
        if (simpler && gained === 0 && removed > added) {
          return { outcome: 'pass', code: 'SIMPLER', reason: `the same ${objective.label} with ${removed - added} lines less`, evidence };
        }
        const least = delta > 0 ? `; at least ${show(delta)} is asked` : '';
        const by =
          gained === 0 ? 'equals the incumbent' : `is ${gained > 0 ? 'better' : 'worse'} than ${show(before)} by ${show(Math.abs(gained))}`;
        return {
          outcome: 'fail',
          code: gained > 0 ? 'BELOW_DELTA' : 'NOT_BETTER',
          reason: `${what} ${by}${gained > 0 ? least : ''}`,
          evidence,
        };
      },
    };
  },
});

function show(value: number): string {
  return Number(value.toPrecision(6)).toString();
}
