/** The swarm at a glance, as plain JSON: for `status --swarm`, the log, the report and the page. */
import type { Verdict } from '../experiment.ts';
import type { Claim, ClaimStatus, NodeId, NodeState, Origin, SwarmExperiment, SwarmIncumbent, SwarmState } from './model.ts';
import { originOf, readOrigin } from './names.ts';

/** How many measurements one node made of another node's claims. */
export interface Confirmations {
  readonly of: NodeId;
  readonly by: NodeId;
  readonly supported: number;
  readonly contradicted: number;
}

/** A keep that others can measure again. */
export type KeepRow = Pick<Claim, 'origin' | 'owner' | 'title' | 'hardware' | 'status' | 'effect' | 'sd' | 'by'>;

const MOST_KEEPS = 100;

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
  /** The last keeps that claim something, with what others have found. */
  readonly keeps: readonly KeepRow[];
  /** Experiments an hour of all nodes together, from the first to the last; null where there are no two. */
  readonly perHour: number | null;
  readonly waiting: number;
}

/** An experiment in a row of a list. */
export interface SwarmRow {
  readonly origin: Origin;
  readonly node: NodeId;
  readonly owner: string;
  readonly at: number;
  readonly verdict: Verdict;
  readonly code: string;
  readonly title: string;
  readonly score: number | null;
  readonly delta: number | null;
  readonly hardware: string;
  /** Of a keep: what became of its claim. */
  readonly claim?: ClaimStatus;
  /** Who has measured it again. */
  readonly by?: Claim['by'];
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
    keeps: claims.slice(-MOST_KEEPS).map(keepRow),
    perHour: perHourOf(experiments),
    waiting,
  };
}

function keepRow({ origin, owner, title, hardware, status, effect, sd, by }: Claim): KeepRow {
  return { origin, owner, title, hardware, status, effect, sd, by };
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
export function swarmRows(
  { experiments, claims, nodes }: Pick<SwarmState, 'experiments' | 'claims' | 'nodes'>,
  limit = Infinity,
): SwarmRow[] {
  const claimed = new Map(claims.map((claim) => [claim.origin, claim]));
  const owners = new Map(nodes.map(({ id, owner }) => [id, owner]));
  return experiments.slice(Math.max(0, experiments.length - limit)).map((experiment) => {
    const { node, at, verdict, code, title, score, delta, hardware, origin: of } = experiment;
    const origin = originOf(experiment);
    const claim = claimed.get(origin);
    const found = claim && { claim: claim.status, by: claim.by };
    const owner = owners.get(node) ?? node;
    return { origin, node, owner, at, verdict, code, title, score, delta, hardware, ...found, ...(of !== null && { of }) };
  });
}
