import { definePlugin, gain } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'gate',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'Passes what is better than the incumbent by a share of its score.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      percent: { type: 'number', minimum: 0, default: 1, description: 'The least gain, in percent of the incumbent’s score.' },
    },
  },
  create: ({ percent }) => ({
    // It compares with the incumbent: a config needs one such gate.
    improvement: true,
    judge({ score }, { incumbent, objective }) {
      const before = incumbent?.score?.value;
      if (before === undefined) return { outcome: 'pass', code: 'BASELINE', reason: 'there is nothing to compare with yet' };
      // gain() knows the direction, so that nothing here says `<`.
      const gained = gain(score.value, before, objective.direction);
      const asked = (percent / 100) * Math.abs(before);
      // Everything needed to compute this judgement again.
      const evidence = { score: score.value, incumbent: before, gained, asked };
      const reason = `${objective.label} gains ${gained.toPrecision(4)}, and ${asked.toPrecision(4)} is asked`;
      return gained > 0 && gained >= asked
        ? { outcome: 'pass', code: 'IMPROVED', reason, evidence }
        : { outcome: 'fail', code: 'BELOW_PERCENT', reason, evidence };
    },
  }),
});
