import { definePlugin, gain, type GateResult, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'gate',
  name: 'simplicity',
  apiVersion: 1,
  description: 'Fails a gain that is smaller than the price of its added lines, and passes an equal score with fewer lines.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      pricePerLine: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'The gain asked for each line added on balance, in units of the score.',
      },
      tolerance: {
        type: 'number',
        minimum: 0,
        default: 0.5,
        description:
          'How far apart scores may be to count as equal, in units of sigma. While no noise is known, or there is none, only a tie is equal.',
      },
    },
  },
  create: ({ pricePerLine, tolerance }) => ({
    judge(experiment: ScoredExperiment, { incumbent, objective, noise }: RunView): GateResult {
      const before = experiment.score.beside?.value ?? experiment.score.seeds?.expected ?? incumbent?.score?.value;
      if (before === undefined) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
      const { value } = experiment.score;
      const gained = gain(value, before, objective.direction);
      const { added, removed } = experiment.diff ?? { added: 0, removed: 0 };
      const lines = added - removed;
      const price = Math.max(0, lines) * pricePerLine;
      const equal = tolerance * (noise?.sigma ?? 0);
      const evidence = {
        value,
        incumbent: before,
        gain: gained,
        added,
        removed,
        pricePerLine,
        price,
        tolerance,
        sigma: noise?.sigma ?? null,
      };
      if (gained < price && price > 0) {
        const but = gained > 0 ? `only ${show(gained)} better` : 'not better';
        return {
          outcome: 'fail',
          code: 'NOT_WORTH_ITS_LINES',
          reason: `${count(lines)} more ask a gain of ${show(price)}, and ${objective.label} is ${but}`,
          evidence,
        };
      }
      if (lines < 0 && Math.abs(gained) <= equal) {
        const same =
          gained === 0
            ? `the same ${objective.label}`
            : `${objective.label} differs by ${show(Math.abs(gained))}, which is within ${show(equal)} of equal,`;
        return { outcome: 'pass', code: 'SIMPLER', reason: `${same} with ${count(-lines)} less`, evidence, waives: 'improvement' };
      }
      return {
        outcome: 'pass',
        code: 'NO_OBJECTION',
        reason: lines > 0 ? `${count(lines)} more cost ${show(price)}` : 'it adds no lines on balance',
        evidence,
      };
    },
  }),
});

function count(lines: number): string {
  return `${lines} ${lines === 1 ? 'line' : 'lines'}`;
}

function show(value: number): string {
  return Number(value.toPrecision(6)).toString();
}
