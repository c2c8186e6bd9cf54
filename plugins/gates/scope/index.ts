import { createEditRule, definePlugin, type CommittedExperiment, type GateResult } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'gate',
  name: 'scope',
  apiVersion: 1,
  description: 'Fails a candidate that changes anything but the files under `scope.edit`. Always on.',
  schema: false,
  create(_options, { scope }) {
    const objectionTo = createEditRule(scope);
    return {
      screen({ changes }: CommittedExperiment): GateResult {
        const objections = changes.map(objectionTo).filter((text) => text !== null);
        if (objections.length === 0) return { outcome: 'pass', code: 'IN_SCOPE', reason: 'only editable files are changed' };
        const more = objections.length > 3 ? ` and ${objections.length - 3} more` : '';
        return {
          outcome: 'fail',
          code: 'OUT_OF_SCOPE',
          reason: objections.slice(0, 3).join('; ') + more,
          evidence: { paths: changes.map((change) => change.path) },
        };
      },
    };
  },
});
