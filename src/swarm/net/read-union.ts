/** The union of all ledgers, from the refs of this repository. */
import type { Git } from '../../git/git.ts';
import type { SyncedRecord } from '../../ledger/swarm-records.ts';
import { swarmOf } from '../../config/swarm-rules.ts';
import type { NodeChain, NodeId, SwarmOpening } from '../model.ts';
import { isNodeId } from '../names.ts';
import type { SwarmCache } from '../cache.ts';
import { SwarmUnion } from '../union.ts';
import { ledgersHere, look, type KnownNode } from './fetch.ts';
import type { Opening } from './opening.ts';
import type { SwarmPlace } from './place.ts';
import { ownTip } from './publish.ts';
import { listChains, listCommits, readEntriesOf, readRaw } from './read-chain.ts';

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

/** The union, and how what is new gets into it: by way of the cache, where there is one. */
export interface Reading {
  readonly union: SwarmUnion;
  readonly add: (chain: NodeChain) => void;
}

/** Adds what is new of nodes to the union. */
export async function takeIn(git: Git, { union, add }: Reading, nodes: readonly KnownNode[]): Promise<void> {
  // Where nothing of it counts, it is no node yet, whatever is called so.
  const parts = nodes.flatMap(({ id, facts, tip, problems, before, entries }) => {
    const after = union.tips[id] ?? null;
    return tip === null ? [] : [{ id, owner: facts?.owner ?? id, tip, problems, after, raw: after === before ? entries : null }];
  });
  const held = new Map(parts.flatMap(({ id, raw }) => (raw === null ? [] : [[id, raw] as const])));
  const read = await readEntriesOf(git, [...held.values()].flat()); // prettier-ignore
  let at = 0;
  const entries = new Map([...held].map(([id, raw]) => [id, read.slice(at, (at += raw.length))] as const));
  // What was not held when it came, and what the union does not go on with, is read from git again.
  const others = parts.filter(({ raw }) => raw === null);
  const chains = new Map((await listChains(git, others, ALL)).map((commits, index) => [others[index]?.id, commits ?? []]));
  for (const { id, owner, problems, after } of parts) {
    add({ id, owner, after, entries: entries.get(id) ?? (await readEntriesOf(git, await readRaw(git, chains.get(id) ?? []))), problems });
  }
}

/** All that is here: what counts of the others, and the own ledger. */
export async function readUnion(place: SwarmPlace, opening: Opening, cache?: SwarmCache): Promise<Reading & { nodes: KnownNode[] }> {
  const { run } = place;
  const { git } = place.repository;
  const union = new SwarmUnion(swarmOpeningOf(opening));
  cache?.restore(union);
  const reading: Reading = { union, add: (chain) => (cache === undefined ? union.add(chain) : cache.add(union, chain)) };
  const { incoming, counted } = await ledgersHere(git, run);
  const there = [...incoming].flatMap(([id, tip]) => {
    const ledger = union.ledgers.get(id);
    const isRead = ledger?.tip !== null && ledger?.tip === counted.get(id);
    return isNodeId(id) ? [{ id, tip, root: isRead ? ledger?.first : undefined }] : [];
  });
  const nodes = await look(git, { run, opening, counted }, there);
  await takeIn(git, reading, nodes);
  await readOwn(place, reading);
  return { ...reading, nodes };
}

/** Takes in what is new of the own ledger. */
export async function readOwn({ repository: { git }, run, self: id, owner }: SwarmPlace, { union, add }: Reading): Promise<void> {
  const after = union.tips[id] ?? null;
  const tip = await ownTip({ repository: { git }, run });
  if (tip === null || tip === after) return;
  const raw = await readRaw(git, (await listCommits(git, tip, after, ALL)) ?? []);
  add({ id, owner, after, entries: await readEntriesOf(git, raw), problems: [] });
}

/** By node, how many of its experiments the own ledger says were read. */
export async function writtenIn(place: SwarmPlace, union: SwarmUnion): Promise<Map<NodeId, number>> {
  const { git } = place.repository;
  const tip = await ownTip(place);
  if (tip === null) return new Map();
  const out = await git.run(['rev-list', '--first-parent', '--reverse', '-F', '--grep=Autoresearch-Session: synced', tip, '--']);
  const entries = await readEntriesOf(git, await readRaw(git, out.split('\n').filter(Boolean)));
  const seen = new Map(entries.flatMap(({ record }) => ('seen' in record ? Object.entries(record.seen) : [])));
  return new Map([...seen].map(([id, commit]) => [id, union.countUpTo(id, commit)]));
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
