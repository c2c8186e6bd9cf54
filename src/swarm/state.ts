/** What every node computes alike from the ledgers of all nodes. */
import type { Verdict } from '../experiment.ts';
import { claimsOf } from './claims.ts';
import type { ConfirmRule, NodeId, SwarmExperiment, SwarmOpening, SwarmState } from './model.ts';
import { nodeStates } from './node-states.ts';
import { incumbentsOf } from './trust/incumbents.ts';
import { trustOf } from './trust-of.ts';
import type { SwarmNoise } from './trust/noise.ts';
import type { Trust } from './trust/trust.ts';
import type { SwarmUnion } from './union.ts';

/** The state, and what offers are chosen from. */
export interface SwarmView {
  readonly state: SwarmState;
  readonly trust: Trust;
  /** Keeps of admitted nodes that stand, in causal order. */
  readonly keeps: readonly SwarmExperiment[];
  readonly noise: SwarmNoise;
  readonly confirm: ConfirmRule;
  readonly objective: SwarmOpening['objective'];
}

export function stateOf(union: SwarmUnion): SwarmState {
  return viewOf(union).state;
}

/** Depends on which entries have arrived and on nothing else, such as their order of arrival. */
export function viewOf(union: SwarmUnion): SwarmView {
  const { opening } = union;
  const { confirm, objective, run } = opening;
  const admitted = union.admitted();
  const isAll = admitted.size === union.ledgers.size;
  const isIn = ({ node }: { readonly node: NodeId }) => isAll || admitted.has(node);
  const experiments = isAll ? union.experiments : union.experiments.filter(isIn);
  const { trust, noise } = trustOf(union, isAll ? null : admitted);
  const keeps = trust.keeps.filter((keep) => !trust.withdrawn.has(keep));
  const state = {
    run,
    experiments,
    counts: countsOf(experiments),
    incumbents: incumbentsOf(trust, keeps, objective.direction),
    claims: claimsOf(trust, opening),
    nodes: nodeStates(union, trust, admitted),
    waiting: union.waiting,
  };
  return { state, trust, keeps, noise, confirm, objective };
}

function countsOf(experiments: readonly SwarmExperiment[]): Record<Verdict, number> {
  const counts = { keep: 0, discard: 0, crash: 0, review: 0 };
  for (const { verdict, kind } of experiments) if (kind !== 'baseline') counts[verdict]++;
  return counts;
}
