/** The swarm at a glance, as plain JSON: for `status --swarm`, the log, the report and the page. */
import type { Verdict } from '../experiment.ts';
import type { ClaimStatus, NodeId, NodeState, Origin, SwarmExperiment, SwarmIncumbent, SwarmState } from './model.ts';
import { originOf, readOrigin } from './names.ts';

/** How many measurements one node made of another node's claims. */
export interface Confirmations {
  readonly of: NodeId;
  readonly by: NodeId;
  readonly supported: number;
  readonly contradicted: number;
}

export interface SwarmOverview {
  readonly run: string;
  readonly nodes: readonly NodeState[];
  readonly owners: number;
  readonly experiments: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly incumbents: readonly SwarmIncumbent[];
  readonly claims: Readonly<Record<ClaimStatus, number>>;
  /** Who measured whose claims again. */
  readonly confirmations: readonly Confirmations[];
  /** Experiments an hour of all nodes together, from the first to the last; null where there are no two. */
  readonly perHour: number | null;
  readonly waiting: number;
}

/** An experiment in a row of a list. */
export interface SwarmRow {
  readonly origin: Origin;
  readonly node: NodeId;
  readonly at: number;
  readonly verdict: Verdict;
  readonly code: string;
  readonly title: string;
  readonly score: number | null;
  readonly delta: number | null;
  readonly hardware: string;
  /** Of a keep: what became of its claim. */
  readonly claim?: ClaimStatus;
  /** What it measured again. */
  readonly of?: Origin;
}

export function overviewOf({ run, nodes, experiments, counts, incumbents, claims, waiting }: SwarmState): SwarmOverview {
  const statuses = { claimed: 0, confirmed: 0, missed: 0, refuted: 0, withdrawn: 0 };
  for (const { status } of claims) statuses[status]++;
  return {
    run,
    nodes,
    owners: new Set(nodes.map(({ owner }) => owner)).size,
    experiments: experiments.length,
    counts,
    incumbents: Object.values(incumbents),
    claims: statuses,
    confirmations: confirmationsOf(claims),
    perHour: perHourOf(experiments),
    waiting,
  };
}

function confirmationsOf(claims: SwarmState['claims']): Confirmations[] {
  const pairs = new Map<string, { of: NodeId; by: NodeId; supported: number; contradicted: number }>();
  for (const { origin, by } of claims) {
    for (const witness of by) {
      const [of, who] = [readOrigin(origin)?.node ?? '', readOrigin(witness.origin)?.node ?? ''];
      const pair = pairs.get(`${of} ${who}`) ?? { of, by: who, supported: 0, contradicted: 0 };
      pair[witness.supports ? 'supported' : 'contradicted']++;
      pairs.set(`${of} ${who}`, pair);
    }
  }
  return [...pairs.values()];
}

function perHourOf(experiments: readonly SwarmExperiment[]): number | null {
  let [first, last] = [Infinity, -Infinity];
  for (const { at } of experiments) [first, last] = [Math.min(first, at), Math.max(last, at)];
  return last > first ? ((experiments.length - 1) * 3600) / (last - first) : null;
}

/** The last experiments in causal order, the oldest first. */
export function swarmRows({ experiments, claims }: Pick<SwarmState, 'experiments' | 'claims'>, limit = Infinity): SwarmRow[] {
  const statuses = new Map(claims.map(({ origin, status }) => [origin, status]));
  return experiments.slice(Math.max(0, experiments.length - limit)).map((experiment) => {
    const { node, at, verdict, code, title, score, delta, hardware, origin: of } = experiment;
    const origin = originOf(experiment);
    const claim = statuses.get(origin);
    return { origin, node, at, verdict, code, title, score, delta, hardware, ...(claim && { claim }), ...(of !== null && { of }) };
  });
}
