import { messageOf } from '../errors.ts';
import type { GateResult, RunView, ScoredExperiment, SettledExperiment } from '../plugin.ts';

import type { RunRecord } from '../ledger/read.ts';
import { replay } from './replay.ts';
import type { RunState } from '../model/run-state.ts';

/** A gate's judgement of a recorded experiment now. */
export interface Rejudged {
  readonly experiment: SettledExperiment;
  readonly judgement: GateResult;
}

export type Judge = (experiment: ScoredExperiment, run: RunView) => GateResult | Promise<GateResult>;

/** Shows a gate every experiment that has a score, in order. What was kept in the run stays kept for the experiments after it. */
export async function rejudge(
  judge: Judge,
  state: RunState,
  record: Pick<RunRecord, 'sessions'>,
  experiments: AsyncIterable<SettledExperiment>,
): Promise<Rejudged[]> {
  const found: Rejudged[] = [];
  for await (const { experiment, scored, isJudged } of replay(state, record, experiments)) {
    if (scored !== null && isJudged) found.push({ experiment, judgement: await ask(judge, scored, state.view) });
  }
  return found;
}

async function ask(judge: Judge, scored: ScoredExperiment, run: RunView): Promise<GateResult> {
  try {
    return await judge(scored, run);
  } catch (error) {
    return { outcome: 'fail', code: 'NOT_JUDGED', reason: `the gate could not judge it: ${messageOf(error)}` };
  }
}

/**
 * The records of an imported run as a chain, each made on the last keep. A record without a commit gets a made-up id.
 * Gates tell experiments apart by their commits.
 */
export async function* asChain(experiments: AsyncIterable<SettledExperiment>): AsyncGenerator<SettledExperiment> {
  let tip: string | null = null;
  for await (const experiment of experiments) {
    const candidate: string = experiment.candidate ?? experiment.id.toString(16).padStart(40, '0');
    yield { ...experiment, candidate, parent: tip ?? candidate };
    if (experiment.verdict === 'keep') tip = candidate;
  }
}
