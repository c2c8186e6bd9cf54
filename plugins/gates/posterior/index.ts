import { definePlugin, foldHistory, type GateResult, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';
import { decide } from '../../../src/stats.ts';
import { Filter, type Learning } from './filter.ts';
import { judgementOf } from './judgement.ts';
import { priorOf, ruleOf } from './options.ts';
import { createScale, type Scale } from './scale.ts';
import { schema } from './schema.ts';

export default definePlugin({
  kind: 'gate',
  name: 'posterior',
  apiVersion: 1,
  description: 'Passes a candidate that is probably a real gain, given the noise of the score and what is believed of the incumbent.',
  schema,
  create({ prior, learn, pseudoCounts, transform, ...options }, { path }) {
    const rule = ruleOf(options, path);
    const learning: Learning = { prior: priorOf(prior, path), learn, pseudoCounts };
    const scales = { minimize: createScale('minimize', transform), maximize: createScale('maximize', transform) };
    const filterOf = followHistory(learning, scales);
    return {
      improvement: true,
      needsNoise: true,
      judge(experiment: ScoredExperiment, run: RunView): GateResult {
        const filter = filterOf(run);
        const finding = filter.look(experiment.score);
        if (finding === null) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
        const decision = decide(rule, finding.posterior, { trials: experiment.score.n, sigma: finding.sigma });
        const scale = scales[run.objective.direction];
        return judgementOf({ experiment, run, filter, finding, decision, rule, scale, options: { profile: options.profile, transform } });
      },
    };
  },
});

/** The filter as the run's history leaves it. */
function followHistory(learning: Learning, scales: Readonly<Record<RunView['objective']['direction'], Scale>>): (run: RunView) => Filter {
  const start = ({ objective, noise }: RunView) =>
    new Filter({ ...learning, scale: scales[objective.direction], given: noise?.given, known: noise?.known });
  const fold = foldHistory({
    start,
    follow: (filter, summary) => {
      filter.follow(summary);
      return filter;
    },
  });
  return (run) => {
    const filter = fold(run);
    const { incumbent } = run;
    if (incumbent === null) return filter;
    if (filter.belief !== null) {
      filter.returnTo(incumbent.candidate);
      return filter;
    }
    const fresh = start(run);
    if (incumbent.score) fresh.calibrate(incumbent.score, incumbent.candidate);
    return fresh;
  };
}
