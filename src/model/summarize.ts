import type { Summary } from '../contract/run-view.ts';
import type { SettledExperiment, Trial, Usage } from '../experiment.ts';

/** What the loop remembers of an experiment: small, because all of them are held. */
export function summarize(experiment: SettledExperiment): Summary {
  const { id, kind, basis, verdict, reason, proposal, score, delta, parent, candidate, seconds, metrics, key, incumbent } = experiment;
  const { params, usage, declined } = proposal;
  const estimate = experiment.judgements.findLast((judgement) => judgement.estimate)?.estimate;
  const belief = beliefOf(experiment);
  return {
    id,
    kind,
    basis: basis.incumbent,
    incumbent: incumbent?.id ?? null,
    verdict,
    reason,
    title: proposal.title,
    agent: proposal.agent,
    ...(params && { params }),
    score: score?.value ?? null,
    delta,
    ...(score && {
      spread: score.spread,
      n: score.n,
      ...(score.beside && { beside: score.beside }),
      ...(score.seeds && { seeds: score.seeds }),
      ...(score.setAside && { setAside: score.setAside }),
    }),
    ...(estimate && { estimate }),
    ...(belief && { belief }),
    ...notesOf(experiment),
    parent,
    candidate,
    ...(key && { key }),
    ...placeOf(experiment.trials),
    ...(proposal.seconds !== undefined && { proposalSeconds: proposal.seconds }),
    ...(experiment.trials.length > 0 && { trialSeconds: secondsOf(experiment) }),
    ...lostOf(experiment),
    ...(experiment.again !== undefined && { again: experiment.again }),
    ...(experiment.origin !== undefined && { origin: experiment.origin }),
    ...(experiment.whole && { whole: true }),
    seconds,
    ...(experiment.wallSeconds !== undefined && { wallSeconds: experiment.wallSeconds }),
    metrics,
    ...(usage?.usd !== undefined && { usd: usage.usd }),
    ...tokensOf(usage),
    ...(declined && { declined }),
  };
}

function tokensOf({ inputTokens, outputTokens }: Usage = {}): Pick<Summary, 'tokens'> {
  return inputTokens === undefined && outputTokens === undefined ? {} : { tokens: (inputTokens ?? 0) + (outputTokens ?? 0) };
}

function placeOf([trial]: readonly Trial[]): Pick<Summary, 'slot' | 'hardware'> {
  return trial === undefined ? {} : { slot: trial.slot, ...(trial.hardware !== undefined && { hardware: trial.hardware }) };
}

/** How long it has held slots with its trials. */
function secondsOf(experiment: SettledExperiment): number {
  return allTrials(experiment).reduce((sum, trial) => sum + trial.seconds, 0);
}

function lostOf(experiment: SettledExperiment): Pick<Summary, 'lost'> {
  const lost = allTrials(experiment).reduce((sum, trial) => sum + (trial.lost?.length ?? 0), 0);
  return lost === 0 ? {} : { lost };
}

function allTrials({ trials, beside = [], crashed = [] }: SettledExperiment): Trial[] {
  return [...trials, ...beside, ...crashed.flatMap((attempt) => attempt.trials)];
}

/** The estimate of the incumbent after this experiment. If a gate passed a change that was then not kept, its estimate was of another incumbent and is left out. */
function beliefOf({ judgements, verdict }: SettledExperiment): Summary['belief'] {
  const last = judgements.findLast((judgement) => judgement.belief);
  return last?.outcome === 'pass' && verdict !== 'keep' ? undefined : last?.belief;
}

function notesOf({ judgements }: SettledExperiment): Pick<Summary, 'notes'> {
  const notes = judgements.flatMap(({ gate, note }) => (note === undefined ? [] : [[gate, note] as const]));
  return notes.length > 0 ? { notes: Object.fromEntries(notes) } : {};
}
