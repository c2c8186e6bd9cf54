/** Brings the ledgers of the other nodes here, and lets count of them what can be checked. */
import type { Git } from '../../git/git.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { fetchRefs } from '../../git/remote/refs.ts';
import { branchName, ledgerRef } from '../../ledger/ledger.ts';
import type { NodeFacts } from '../../ledger/swarm-records.ts';
import type { NodeId, Problem } from '../model.ts';
import { isNodeId } from '../names.ts';
import { layoutOf, local } from './layout.ts';
import { readOpening, type Opening } from './opening.ts';
import { remoteOf, type SwarmPlace } from './place.ts';
import type { RawEntry } from './read-chain.ts';
import { receive } from './receive.ts';

/** Nodes that are not listed: no more of them are fetched. */
export const MOST_GUESTS = 64;

/** A node as it is known here. */
export interface KnownNode {
  readonly id: NodeId;
  readonly facts: NodeFacts | null;
  /** Its last entry that counts; null where none does. */
  readonly tip: string | null;
  readonly problems: readonly Problem[];
  /** What counted of it before, and what of that is new. */
  readonly before: string | null;
  readonly entries: readonly RawEntry[] | null;
}

export interface Fetched {
  readonly opening: Opening;
  /** Those of which something has come. */
  readonly nodes: readonly KnownNode[];
  /** How many nodes there are that were not fetched, because they are too many. */
  readonly leftOut: number;
}

/** What is here of a swarm. */
export interface Here {
  /** The ledgers of others, by node: what came last, and what counts of that. */
  readonly incoming: ReadonlyMap<string, string>;
  readonly counted: ReadonlyMap<string, string>;
  /** The tips of the own ledger and of the branch of what was kept. */
  readonly own: string | null;
  readonly kept: string | null;
}

export async function ledgersHere(git: Git, run: string): Promise<Here> {
  const [ledger, branch] = [ledgerRef(run), `refs/heads/${branchName(run)}`];
  const wanted = [local.incomings(run), local.nodes(run), ledger, branch];
  const out = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', ...wanted]);
  const rows = out.split('\n').filter(Boolean).map((line) => line.split(' ')); // prettier-ignore
  const below = (prefix: string) =>
    new Map(rows.flatMap(([commit = '', name = '']) => (name.startsWith(prefix) ? [[name.slice(prefix.length), commit] as const] : [])));
  const tipOf = (ref: string) => rows.find(([, name]) => name === ref)?.[0] ?? null;
  return { incoming: below(local.incomings(run)), counted: below(local.nodes(run)), own: tipOf(ledger), kept: tipOf(branch) };
}

/** What a sync begins with. */
export interface Known {
  /** What the remote has, by ref. */
  readonly listed: ReadonlyMap<string, string>;
  readonly here: Here;
}

/** Fetches what is new. */
export async function fetchNodes(place: SwarmPlace, opening: Opening, { listed, here }: Known, options: RemoteOptions): Promise<Fetched> {
  const { run, self, repository } = place;
  const { git } = repository;
  const layout = layoutOf(run, place.namespace);
  const seen = here.incoming;
  const { chosen, leftOut } = choose(opening, place, listed, seen);
  const moved = chosen.filter(([id, commit]) => seen.get(id) !== commit);
  const openingThere = listed.get(layout.opening);
  const isNewOpening = openingThere !== undefined && openingThere !== opening.tip;
  const wanted = new Map(moved.map(([id]) => [layout.node(id), local.incoming(run, id)]));
  if (isNewOpening) wanted.set(layout.opening, local.openingSeen(run));
  await fetchRefs(remoteOf(place, options), wanted);
  const now = isNewOpening ? await takeOpening(git, run, opening, openingThere) : opening;
  const isListedAnew = now.tip !== opening.tip;
  // Whom the new list of nodes names, or names no longer, is looked at again.
  const looked = isListedAnew ? chosen : moved;
  return { opening: now, leftOut, nodes: await look(git, { run, opening: now, counted: here.counted }, looked.map(([id, tip]) => ({ id, tip })).filter(({ id }) => id !== self)) }; // prettier-ignore
}

/** The nodes to fetch: those listed, those known, and others up to a limit. */
function choose(
  { nodes: { nodes, guests } }: Opening,
  { run, namespace, self }: SwarmPlace,
  listed: ReadonlyMap<string, string>,
  seen: ReadonlyMap<string, string>,
): { chosen: [NodeId, string][]; leftOut: number } {
  const prefix = layoutOf(run, namespace).node('');
  const there = [...listed].flatMap(([name, commit]): [NodeId, string][] => {
    const id = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return isNodeId(id) && id !== self ? [[id, commit]] : [];
  });
  const isMember = ([id]: [NodeId, string]) => Object.hasOwn(nodes, id);
  const others = there.filter((one) => !isMember(one));
  const known = others.filter(([id]) => seen.has(id));
  const room = guests === 'none' ? 0 : Math.max(0, MOST_GUESTS - known.length);
  const strangers = others.filter(([id]) => !seen.has(id));
  const chosen = [...there.filter(isMember), ...known.slice(0, MOST_GUESTS), ...strangers.slice(0, room)];
  return { chosen, leftOut: there.length - chosen.length };
}

interface Looking {
  readonly run: string;
  readonly opening: Opening;
  readonly counted: Here['counted'];
}

/** Looks at what has come of these nodes, and moves the refs of what counts. */
export async function look(
  git: Git,
  { run, opening, counted }: Looking,
  incoming: readonly { readonly id: NodeId; readonly tip: string; readonly root?: string | undefined }[],
): Promise<KnownNode[]> {
  const received = await receive(git, opening, incoming.map((one) => ({ ...one, counted: counted.get(one.id) ?? null }))); // prettier-ignore
  const nodes = received.map((one, index): KnownNode => {
    const id = incoming[index]?.id ?? '';
    return { id, ...one, before: counted.get(id) ?? null };
  });
  const moves = nodes.flatMap(({ id, tip, before }) =>
    tip === null || tip === before ? [] : [`update ${local.node(run, id)} ${tip} ${before ?? '0'.repeat(tip.length)}\n`],
  );
  if (moves.length > 0) await git.run(['update-ref', '--stdin'], { input: moves.join('') });
  return nodes;
}

/** The newer state of the opening, if it follows from the one that is known. */
async function takeOpening(git: Git, run: string, known: Opening, tip: string): Promise<Opening> {
  const { code } = await git.ask(['merge-base', '--is-ancestor', known.tip, tip], { accept: [1, 128] });
  if (code !== 0) return known;
  try {
    const opening = await readOpening(git, tip);
    if (opening.id !== known.id) return known;
    await git.run(['update-ref', local.opening(run), tip, known.tip]);
    return opening;
  } catch {
    // Somebody else has pushed there, who did not open it: what was known stays.
    return known;
  }
}
