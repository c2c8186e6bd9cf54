import type { Basis, Belief, CommittedExperiment, Reason, Score, Verdict } from '../../experiment.ts';
import { BASELINES } from '../measure/baselines.ts';
import type { Run } from '../engine.ts';
import { isNewSlot, sinceControl, slotOf } from './slot-record.ts';
import { basisOf } from './settle.ts';
import { unchanged } from '../../model/experiment-states.ts';
import type { RunState } from '../../model/run-state.ts';

/** A machine drifts over hours, not minutes. */
const CONTROL_EVERY = 20;
const MOST_DOUBLINGS = 3;
/**
 * A machine counts as drifting from here on: the variance that each trial adds to the incumbent's level, in units of the noise's
 * variance.
 */
const DRIFTING = 0.12;
const CONTROL_EVERY_DRIFTING = 12;
const ROUNDING = 1e-12;

/** An experiment with the slot it must run in, if any one will not do. */
interface Due {
  readonly experiment: CommittedExperiment;
  readonly slot?: string;
}

/** The incumbent again, in a slot in which enough trials have gone by; null when none is due. */
export function dueControl(run: Run): Due | null {
  const { state, slots } = run;
  const every = spacingOf(run);
  if (every === undefined || !state.incumbent?.candidate) return null;
  if (slots.length === 1) return state.noise !== null && state.sinceControl >= every ? { experiment: controlOf(run) } : null;
  const slot = slots.find((name) => !state.view.pending.some((other) => other.slot === name) && sinceControl(state, name) >= every);
  return slot === undefined ? null : { experiment: controlOf(run), slot };
}

/** While the baseline is measured in the first slot: the same commit in another one in which it was not yet; null when there is none. */
export function dueBeside(run: Run, baseline: number): Due | null {
  const { state, slots } = run;
  if (spacingOf(run) === undefined) return null;
  const { pending } = state.view;
  const slot = slots.slice(1).find((name) => isNewSlot(state, name) && !pending.some((other) => other.slot === name));
  return slot === undefined ? null : { experiment: controlOf(run, { ...basisOf(run), incumbent: baseline }), slot };
}

/** Trials between controls in one slot; undefined where there are none. */
function spacingOf({ config, needsNoise, state }: Run): number | undefined {
  // With `trainer.interleave` the incumbent runs beside every candidate, so that drift does no harm.
  return config.noise.controlEvery ?? (needsNoise && !config.trainer.interleave ? usualSpacing(state) : undefined);
}

function controlOf(run: Run, basis: Basis = basisOf(run)): CommittedExperiment {
  return unchanged(
    { run: run.state.name, id: run.flight.nextId, kind: 'control', basis },
    { rationale: 'the incumbent again, to see whether the machine or the data has changed' },
  );
}

/** Trials between controls: more with every control that finds no drift, few where a gate sees the machine drift. */
function usualSpacing({ history, rules }: RunState): number {
  if (rules < 2) return CONTROL_EVERY;
  const drift = history.findLast(({ belief }) => belief?.drift !== undefined)?.belief?.drift ?? 0;
  if (drift > DRIFTING) return CONTROL_EVERY_DRIFTING;
  const controls = history.filter(({ kind }) => kind === 'control');
  const calm = controls.length - 1 - controls.findLastIndex(({ reason }) => reason.code === 'DRIFT');
  return CONTROL_EVERY * 2 ** Math.min(calm, MOST_DOUBLINGS);
}

interface JudgeRun extends Pick<Run, 'slots'> {
  readonly config: { readonly noise: Pick<Run['config']['noise'], 'driftZ'> };
  readonly state: RunState;
}

interface ControlResult {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly score: Score;
}

/** A control far from the estimate is repeated before it counts as drift; the run then goes on from the new measurement. */
export function judgeControl(run: JudgeRun, experiment: CommittedExperiment, score: Score): ControlResult | 'more' {
  const { config, state } = run;
  const { noise, incumbent } = state;
  const slot = slotOf(run, experiment);
  const sigma = noise?.sigma ?? 0;
  const belief = beliefOf(state);
  const level = belief?.mean ?? incumbent?.score?.value ?? score.value;
  const sd = belief?.sd ?? sigma / Math.sqrt(incumbent?.score?.n ?? 1);
  // Compared on the incumbent's seed, where seeds are shared.
  const value = score.value - (score.seeds?.shift ?? 0);
  if (slot?.isNew)
    return { verdict: 'discard', reason: { code: 'SLOT_MEASURED', text: `in ${slot.name}: ${show(value)} against ${show(level)}` }, score };
  const mean = level + (slot?.offset ?? 0);
  // A metric without noise may still differ in its last digit, where a mean of three has been rounded.
  const doubt = sd ** 2 + sigma ** 2 * (slot?.doubt ?? 0);
  const limit = Math.max(config.noise.driftZ * Math.sqrt(sigma ** 2 / score.n + doubt), ROUNDING * Math.abs(mean));
  const off = Math.abs(value - mean);
  const figures = `${show(value)} against ${show(mean)}, and ${limit.toPrecision(3)} is allowed`;
  if (off <= limit) return { verdict: 'discard', reason: { code: 'CONTROL', text: `no drift: ${figures}` }, score };
  if (experiment.trials.length < BASELINES) return 'more';
  const reason =
    slot === null
      ? { code: 'DRIFT', text: `the machine or the data has changed: ${figures}; the run goes on from the new figure` }
      : { code: 'SLOT_DRIFT', text: `${slot.name} has changed: ${figures}; its difference to the first slot is measured anew from here` };
  return { verdict: 'discard', reason, score };
}

/** More digits say nothing to a person; the record has them all. */
function show(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** The gates' estimate of the incumbent, unless it was measured again since. */
function beliefOf({ history, incumbent: present }: RunState): Belief | undefined {
  // A control that found a drift has no belief, and ends the one before.
  const found = history.findLast(({ id, verdict, reason, incumbent, belief }) => {
    if (reason.code === 'DRIFT') return incumbent === present?.id;
    return belief !== undefined && (verdict === 'keep' ? id : incumbent) === present?.id;
  });
  return found?.belief;
}
