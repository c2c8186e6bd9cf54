import { definePlugin, type GateResult, type Json, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';
import { createCritical } from './critical.ts';
import { checkLimits } from './limits.ts';
import { judgeNewFailures } from './new-failures.ts';
import { judgeNonInferiority } from './non-inferiority.ts';
import { checkOptions } from './options.ts';
import { pairItems } from './pairs.ts';
import { schema } from './schema.ts';

export default definePlugin({
  kind: 'gate',
  name: 'guardrail',
  apiVersion: 1,
  description: 'Fails a candidate whose metric leaves its limits in any trial, or is not shown to be no worse than the anchor.',
  schema,
  create(options, { path, projectDir, seed }) {
    checkOptions(options, path);
    const { metric, group, test, max, min, reference, worse, margin } = options;
    const hasLimits = max !== undefined || min !== undefined;
    const critical = createCritical(options.critical, options.criticalFile, { projectDir, path });

    const compare = ({ trials }: ScoredExperiment, { anchor }: RunView): GateResult => {
      const before = anchor?.trials ?? [];
      if (test === 'no-new-failures') return judgeNewFailures(trials, before, { ...options, group, critical: critical.ids() });
      const paired = pairItems(trials, before, { metric, group });
      if ('problem' in paired) return { outcome: 'fail', code: 'GUARD_NO_ITEMS', reason: paired.problem };
      if (test === 'hard-limit' || margin === undefined || worse === undefined) throw new Error(`${path}: ${test} compares no items`);
      const named = group === undefined ? metric : `${metric} of ${group}`;
      const judged = judgeNonInferiority(paired.pairs, { ...options, metric: named, test, margin, worse, seed });
      return { ...judged, evidence: { ...judged.evidence, worse, trials: paired.trials } };
    };

    return {
      guards: true,
      verify: critical.verify,
      judge(experiment: ScoredExperiment, run: RunView): GateResult {
        const limits = hasLimits ? checkLimits(experiment.trials, { metric, max, min }) : null;
        if (limits && (test === 'hard-limit' || limits.outcome === 'fail')) return limits;
        const judged = compare(experiment, run);
        const named: Record<string, Json> = { metric, test, group: group ?? null, reference: `${reference} #${run.anchor?.id ?? '?'}` };
        return { ...judged, evidence: { ...named, ...judged.evidence, ...(limits?.evidence && { limits: limits.evidence }) } };
      },
    };
  },
});
