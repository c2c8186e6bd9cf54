/** Events made of records. */
import type { CommittedExperiment, SettledExperiment } from '../experiment.ts';
import type { Audit } from '../plugin.ts';
import { summarize } from '../model/summarize.ts';
import { shortRowOf } from '../views/short-rows.ts';
import type { NewEvent } from './stream.ts';

const MOST_FILES = 20;

export function committed(experiment: CommittedExperiment, slot: string): NewEvent {
  const { id, proposal, candidate, parent, changes } = experiment;
  return {
    type: 'experiment-committed',
    experiment: id,
    slot,
    subject: experiment.kind,
    agent: proposal.agent,
    title: proposal.title,
    hypothesis: proposal.hypothesis,
    candidate,
    parent,
    files: changes.slice(0, MOST_FILES).map(({ path }) => path),
    fileCount: changes.length,
  };
}

export function verdict(experiment: SettledExperiment, slot: string): NewEvent {
  const { id, reason, settledAt } = experiment;
  const row = shortRowOf(summarize(experiment), Math.floor(Date.parse(settledAt) / 1000));
  return { type: 'verdict', experiment: id, slot, row, text: reason.text };
}

export function audited({ occasion, final, anchor, claim, raw, rolledBack, failures, text }: Audit): NewEvent {
  const { value, low, high, shown } = claim;
  return {
    type: 'audit',
    occasion,
    final: final.id,
    anchor: anchor.id,
    claim: { value, low, high, shown },
    raw,
    isRolledBack: rolledBack,
    failures,
    text,
  };
}
