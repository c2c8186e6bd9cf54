/** The union of all ledgers, from the refs of this repository. */
import type { Git } from '../../git/git.ts';
import type { SyncedRecord } from '../../ledger/swarm-records.ts';
import { swarmOf } from '../../config/swarm-rules.ts';
import type { NodeChain, NodeId, Problem, SwarmOpening } from '../model.ts';
import { isNodeId } from '../names.ts';
import type { SwarmCache } from '../cache.ts';
import { SwarmUnion } from '../union.ts';
import { look, refsHere, type KnownNode } from './fetch.ts';
import { local } from './layout.ts';
import type { Opening } from './opening.ts';
import type { SwarmPlace } from './place.ts';
import { ownTip } from './publish.ts';
import { listCommits, readEntriesOf, readRaw } from './read-chain.ts';

/** More than any ledger has. */
const ALL = 10_000_000;

export function swarmOpeningOf({ facts, nodes }: Opening): SwarmOpening {
  const { run, base, objective, config } = facts;
  const { confirm } = swarmOf(config);
  const { sigma } = config.noise;
  return {
    run,
    base,
    objective,
    confirm,
    open: nodes.guests !== 'none',
    guests: nodes.guests === 'confirm' ? 'confirm' : 'claim',
    nodes: nodes.nodes,
    ...(sigma !== undefined && { sigma }),
  };
}

/** What is new of a node's ledger since it was read up to `after`; all of it where that is null. */
export async function readChain(
  git: Git,
  {
    id,
    owner,
    tip,
    problems,
  }: { readonly id: NodeId; readonly owner: string; readonly tip: string | null; readonly problems: readonly Problem[] },
  after: string | null,
): Promise<NodeChain> {
  const commits = tip === null ? [] : ((await listCommits(git, tip, after, ALL)) ?? []);
  return { id, owner, after, entries: await readEntriesOf(git, await readRaw(git, commits)), problems };
}

/** The union, and how what is new gets into it: by way of the cache, where there is one. */
export interface Reading {
  readonly union: SwarmUnion;
  readonly add: (chain: NodeChain) => void;
}

/** Adds what is new of nodes to the union. */
export async function takeIn(git: Git, { union, add }: Reading, nodes: readonly KnownNode[]): Promise<void> {
  for (const { id, facts, tip, problems } of nodes) {
    // Nothing of it counts: it is no node yet, whatever is called so.
    if (tip === null) continue;
    const before = union.tips[id] ?? null;
    add(await readChain(git, { id, owner: facts?.owner ?? id, tip, problems }, before));
  }
}

/** All that is here: what counts of the others, and the own ledger. */
export async function readUnion(place: SwarmPlace, opening: Opening, cache?: SwarmCache): Promise<Reading & { nodes: KnownNode[] }> {
  const { repository, run } = place;
  const union = new SwarmUnion(swarmOpeningOf(opening));
  cache?.restore(union);
  const reading: Reading = { union, add: (chain) => (cache === undefined ? union.add(chain) : cache.add(union, chain)) };
  const incoming = await refsHere(repository.git, local.incomings(run));
  const there = [...incoming].flatMap(([id, tip]) => (isNodeId(id) ? [{ id, tip }] : []));
  const nodes = await look(repository.git, run, opening, there);
  await takeIn(repository.git, reading, nodes);
  await readOwn(place, reading);
  return { ...reading, nodes };
}

/** Takes in what is new of the own ledger. */
export async function readOwn({ repository: { git }, run, self: id, owner }: SwarmPlace, { union, add }: Reading): Promise<void> {
  const after = union.tips[id] ?? null;
  const tip = await ownTip({ repository: { git }, run });
  if (tip !== after) add(await readChain(git, { id, owner, tip, problems: [] }, after));
}

/** By node, how many of its experiments the own ledger says were read. */
export async function writtenIn(place: SwarmPlace): Promise<Map<NodeId, number>> {
  const { git } = place.repository;
  const tip = await ownTip(place);
  if (tip === null) return new Map();
  const out = await git.run(['rev-list', '--first-parent', '--reverse', '-F', '--grep=Autoresearch-Session: synced', tip, '--']);
  const entries = await readEntriesOf(git, await readRaw(git, out.split('\n').filter(Boolean)));
  const seen = new Map(entries.flatMap(({ record }) => ('seen' in record ? Object.entries(record.seen) : [])));
  const counts = new Map<NodeId, number>();
  for (const [id, commit] of seen) {
    const count = await git.run(['rev-list', '--first-parent', '--count', '-F', '--grep=Autoresearch-Experiment: ', commit, '--']);
    counts.set(id, Number(count));
  }
  return counts;
}

/**
 * What of the others is known and not yet in the own ledger; null where that is nothing. That others have read something is not
 * worth an entry: it would be news to them, and so on for ever.
 */
export function newsIn(
  { tips, ledgers }: Pick<SwarmUnion, 'tips' | 'ledgers'>,
  written: Map<NodeId, number>,
  self: NodeId,
): SyncedRecord | null {
  const countOf = (id: NodeId) => ledgers.get(id)?.experiments.length ?? 0;
  const seen = Object.entries(tips).filter(([id]) => id !== self && (written.get(id) ?? -1) < countOf(id));
  if (seen.length === 0) return null;
  for (const [id] of seen) written.set(id, countOf(id));
  return { v: 1, kind: 'synced', at: new Date().toISOString(), seen: Object.fromEntries(seen) };
}
