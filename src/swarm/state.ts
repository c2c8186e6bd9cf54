/** What every node computes alike from the ledgers of all nodes. */
import type { Verdict } from '../experiment.ts';
import { compareOrder } from './causal-order.ts';
import { claimsOf } from './claims.ts';
import type { ConfirmRule, NodeId, SwarmExperiment, SwarmState } from './model.ts';
import { nodeStates } from './node-states.ts';
import { incumbentsOf } from './trust/incumbents.ts';
import { SwarmNoise } from './trust/noise.ts';
import { Trust } from './trust/trust.ts';
import type { SwarmUnion } from './union.ts';

/** The state, and what offers are chosen from. */
export interface SwarmView {
  readonly state: SwarmState;
  readonly trust: Trust;
  /** Keeps of admitted nodes that stand, in causal order. */
  readonly keeps: readonly SwarmExperiment[];
  readonly noise: SwarmNoise;
  readonly confirm: ConfirmRule;
}

export function stateOf(union: SwarmUnion): SwarmState {
  return viewOf(union).state;
}

/** What it gives depends on which entries have arrived, and on nothing else. */
export function viewOf(union: SwarmUnion): SwarmView {
  const { opening } = union;
  const { confirm, objective, run } = opening;
  const admitted = union.admitted();
  const isAll = admitted.size === union.ledgers.size;
  const isIn = ({ node }: { readonly node: NodeId }) => isAll || admitted.has(node);
  const experiments = isAll ? union.experiments : union.experiments.filter(isIn);
  const findings = isAll ? union.findings : union.findings.filter(isIn);
  const noise = noiseIn(union);
  const trust = trustIn(union, { findings, isIn, noise });
  const undone = withdrawnIn(union, isIn);
  const keeps = findings.filter(
    (each) => each.verdict === 'keep' && each.kind === 'change' && !undone.has(each) && !trust.copied.includes(each),
  );
  const state = {
    run,
    experiments,
    counts: countsOf(experiments),
    incumbents: incumbentsOf(trust, keeps, { confirm, direction: objective.direction }),
    claims: claimsOf(trust, opening),
    nodes: nodeStates(union, trust, admitted),
    waiting: union.waiting,
  };
  return { state, trust, keeps, noise, confirm };
}

function noiseIn(union: SwarmUnion): SwarmNoise {
  const noise = new SwarmNoise(union.opening.sigma);
  for (const { id, experiments } of union.ledgers.values()) {
    if (union.isListed(id)) for (const experiment of experiments) noise.follow(experiment);
  }
  return noise;
}

interface Within {
  readonly findings: readonly SwarmExperiment[];
  readonly isIn: (each: { readonly node: NodeId }) => boolean;
  readonly noise: SwarmNoise;
}

function trustIn(union: SwarmUnion, { findings, isIn, noise }: Within): Trust {
  const { opening, ledgers } = union;
  const trust = new Trust({
    direction: opening.objective.direction,
    confirm: opening.confirm,
    noise,
    ownerOf: (node) => ledgers.get(node)?.owner ?? node,
    isListed: (node) => union.isListed(node),
    mayConfirm: (node) => union.mayConfirm(node),
  });
  const undos = [...ledgers.values()]
    .filter(({ id }) => isIn({ node: id }))
    .flatMap((ledger) => ledger.undos)
    .toSorted(compareOrder);
  let next = 0;
  for (const finding of findings) {
    for (let undo = undos[next]; undo !== undefined && compareOrder(undo, finding) < 0; undo = undos[++next]) trust.undo(undo);
    trust.follow(finding);
  }
  for (const undo of undos.slice(next)) trust.undo(undo);
  return trust;
}

/** Keeps that audits of their own nodes took back. */
function withdrawnIn({ ledgers }: SwarmUnion, isIn: (each: { readonly node: NodeId }) => boolean): ReadonlySet<SwarmExperiment> {
  const undone = new Set<SwarmExperiment>();
  for (const ledger of ledgers.values()) {
    if (ledger.undos.length === 0 || !isIn({ node: ledger.id })) continue;
    const keeps = ledger.experiments.filter(({ verdict }) => verdict === 'keep');
    for (const { back, position } of ledger.undos) {
      const before = keeps.filter((keep) => keep.position < position && !undone.has(keep));
      const target = before.findLastIndex(({ id }) => id === back);
      if (target >= 0) for (const keep of before.slice(target + 1)) undone.add(keep);
    }
  }
  return undone;
}

function countsOf(experiments: readonly SwarmExperiment[]): Record<Verdict, number> {
  const counts = { keep: 0, discard: 0, crash: 0, review: 0 };
  for (const { verdict, kind } of experiments) if (kind !== 'baseline') counts[verdict]++;
  return counts;
}
