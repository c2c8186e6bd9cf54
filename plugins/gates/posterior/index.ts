import {
  definePlugin,
  foldHistory,
  type GateResult,
  type RunView,
  type Score,
  type ScoredExperiment,
  type Summary,
} from '../../../src/plugin.ts';
import { decide } from '../../../src/stats.ts';
import { confirm } from './confirm.ts';
import { Filter, type FilterOptions, type Learning } from './filter.ts';
import { judgementOf } from './judgement.ts';
import { priorOf, ruleOf } from './options.ts';
import { createScale, type Scale } from './scale.ts';
import { schema } from './schema.ts';
import { Tracker } from './tracker.ts';

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
    const filterOf = followHistory(learning, scales, (options_) => new Filter(options_));
    const trackerOf = followHistory(learning, scales, (options_) => new Tracker(options_));
    return {
      improvement: true,
      needsNoise: true,
      judge(experiment: ScoredExperiment, run: RunView): GateResult {
        const isOld = (run.rules ?? 1) < 2;
        const tracker = isOld ? null : trackerOf(run);
        const filter = tracker ?? filterOf(run);
        const place = placeOf(experiment);
        if (!experiment.score.beside && tracker?.hasBaseline(place) === false) return noBaseline(place);
        const finding = tracker
          ? tracker.look({ ...experiment.score, ...place, parent: experiment.parent })
          : filterOf(run).look(experiment.score);
        if (finding === null) return { outcome: 'fail', code: 'NO_INCUMBENT', reason: 'there is no incumbent to compare with' };
        const decided = decide(rule, finding.posterior, { trials: experiment.score.n, sigma: finding.sigma });
        const decision = isOld ? decided : confirm(decided, experiment, finding);
        const { own, sigma } = finding;
        const isLate = decision === 'discard' && own !== undefined && decide(rule, own, { trials: Infinity, sigma }) === 'keep';
        const scale = scales[run.objective.direction];
        return judgementOf({
          experiment,
          run,
          filter,
          finding,
          decision,
          isLate,
          rule,
          scale,
          options: { profile: options.profile, transform },
        });
      },
    };
  },
});

/** Where the trials of an experiment ran: all of them in one slot. */
function placeOf({ trials: [trial] }: Pick<ScoredExperiment, 'trials'>): Pick<Summary, 'slot' | 'hardware'> {
  return trial === undefined ? {} : { slot: trial.slot, ...(trial.hardware !== undefined && { hardware: trial.hardware }) };
}

function noBaseline({ slot = '', hardware = '' }: Pick<Summary, 'slot' | 'hardware'>): GateResult {
  const reason = `it ran in ${slot} on ${hardware === '' ? 'hardware without a class' : hardware}, where neither the baseline nor the incumbent was measured: scores of different hardware cannot be compared`;
  return { outcome: 'fail', code: 'NO_BASELINE_OF_CLASS', reason };
}

/** What the gate makes of a run's history. */
interface Follower {
  readonly isStarted: boolean;
  follow(summary: Summary): void;
  calibrate(measured: Score & Pick<Summary, 'slot' | 'hardware'>, commit: string | null): void;
  returnTo(commit: string | null): void;
}

type Scales = Readonly<Record<RunView['objective']['direction'], Scale>>;

/** The follower as the run's history leaves it. */
function followHistory<F extends Follower>(learning: Learning, scales: Scales, create: (options: FilterOptions) => F): (run: RunView) => F {
  const start = ({ objective, noise, rules = 1 }: RunView) =>
    create({ ...learning, scale: scales[objective.direction], given: noise?.given, known: noise?.known, rules });
  const fold = foldHistory({
    start,
    follow: (follower, summary) => {
      follower.follow(summary);
      return follower;
    },
  });
  return (run) => {
    const follower = fold(run);
    const { incumbent } = run;
    if (incumbent === null) return follower;
    if (follower.isStarted) {
      follower.returnTo(incumbent.candidate);
      return follower;
    }
    const fresh = start(run);
    if (incumbent.score) fresh.calibrate({ ...incumbent.score, ...placeOf(incumbent) }, incumbent.candidate);
    return fresh;
  };
}
