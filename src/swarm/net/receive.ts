/** What has come from a node: looked at before any of it counts. */
import type { Git } from '../../git/git.ts';
import { isCommitSignedBy } from '../../git/signature/signed-commit.ts';
import type { NodeFacts } from '../../ledger/swarm-records.ts';
import type { NodeId, Problem } from '../model.ts';
import type { Opening } from './opening.ts';
import { factsOf, remember } from './facts.ts';
import { listChains, readRaw, type RawEntry } from './read-chain.ts';

/** Larger entries are no work of this program: it bounds logs, texts and messages. */
const MOST_COMMIT = 256 * 1024;
const MOST_RECORD = 16 * 1024 * 1024;
const MOST_ENTRIES = 1_000_000;
/** Of so many entries in several ledgers the commits are held at once. */
const MOST_TOGETHER = 4000;
const MOST_HELD = 16_000;

export interface Received {
  /** Who the node says it is; null where it does not say so in a form that can be checked. */
  readonly facts: NodeFacts | null;
  /** The last entry that counts; null where none does. */
  readonly tip: string | null;
  readonly problems: readonly Problem[];
  /** What counts of it and is new, after what counted before; null where that is too much to be held. */
  readonly entries: readonly RawEntry[] | null;
}

export interface Incoming {
  readonly id: NodeId;
  /** What came. */
  readonly tip: string;
  /** What counted until now; null where nothing did. */
  readonly counted: string | null;
  /** The first entry of what counted, where that is known. */
  readonly root?: string | undefined;
}

/**
 * A node's ledger counts up to the last entry that its key has signed: each entry names the one before by its hash. All nodes are
 * read together, with a few git processes for as many as fit into memory.
 */
export async function receive(git: Git, opening: Opening, incoming: readonly Incoming[]): Promise<Received[]> {
  const chains = await listChains(git, incoming.map(({ tip, counted }) => ({ tip, after: counted })), MOST_ENTRIES); // prettier-ignore
  const all: Received[] = [];
  let held = 0;
  for (const group of groupsOf(incoming.map((one, index) => ({ ...one, commits: chains[index] ?? null })))) {
    held += group.reduce((sum, { commits }) => sum + (commits?.length ?? 0), 0);
    const received = await receiveGroup(git, opening, group);
    all.push(...(held <= MOST_HELD ? received : received.map((one) => ({ ...one, entries: null }))));
  }
  return all;
}

type Listed = Incoming & { readonly commits: readonly string[] | null };

function groupsOf(all: readonly Listed[]): Listed[][] {
  const groups: Listed[][] = [];
  let size = Infinity;
  for (const one of all) {
    const more = one.commits?.length ?? 0;
    if (size + more > MOST_TOGETHER) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(one);
    size += more;
  }
  return groups;
}

async function receiveGroup(git: Git, opening: Opening, group: readonly Listed[]): Promise<Received[]> {
  const sizes = await fitting(git, group.map(({ commits }) => commits ?? [])); // prettier-ignore
  const fits = group.map(({ commits }, index) => commits?.slice(0, sizes[index]) ?? []);
  const facts = await factsOf(git, group.map(({ counted, root }, index) => ({ entry: counted ?? fits[index]?.[0] ?? null, root: counted === null ? fits[index]?.[0] : root }))); // prettier-ignore
  const objections = group.map((one, index) => objectionTo(opening, one, facts[index] ?? null));
  const raw = await readRaw(git, fits.filter((_, index) => objections[index] === null).flat()); // prettier-ignore
  let at = 0;
  return group.map(({ commits, counted }, index): Received => {
    const [problem, fit, found] = [objections[index] ?? null, fits[index] ?? [], facts[index] ?? null];
    if (problem !== null || found === null) return { facts: found, tip: counted, problems: problem === null ? [] : [problem], entries: [] };
    const read = raw.slice(at, (at += fit.length));
    return counting(found, { counted, read, oversized: commits?.[fit.length] });
  });
}

interface Read {
  readonly counted: string | null;
  readonly read: readonly RawEntry[];
  /** The first entry that is larger than entries can be. */
  readonly oversized: string | undefined;
}

/** What of a ledger that is that of its node is signed with its key. */
function counting(facts: NodeFacts, { counted, read, oversized }: Read): Received {
  const problems: Problem[] = [];
  if (oversized !== undefined) {
    const text = `entry ${short(oversized)} of its ledger is larger than entries can be: it does not count, nor does what follows`;
    problems.push({ code: 'OVERSIZED', text });
  }
  const signed = read.findLastIndex((entry) => isSigned(entry, facts.key));
  if (signed < read.length - 1) {
    const count = read.length - 1 - signed;
    const text = `${count === 1 ? 'an entry is' : `${count} entries are`} not signed with its key, from ${short(read[signed + 1]?.commit)} on: not counted`;
    problems.push({ code: 'UNSIGNED', text });
  }
  const tip = read[signed]?.commit ?? counted;
  if (tip !== null) remember(tip, facts);
  return { facts, tip, problems, entries: read.slice(0, signed + 1) };
}

function objectionTo(opening: Opening, { id, commits }: Listed, facts: NodeFacts | null): Problem | null {
  if (commits === null) {
    const text =
      'its ledger is not what it was: entries that were there are gone or changed. What had been seen still counts, the rest does not';
    return { code: 'REWRITTEN', text };
  }
  return facts === null ? { code: 'NO_NODE', text: 'its ledger does not say whose it is' } : objection(opening, id, facts);
}

/** Why a node of this name is not to be believed at all; null where it is. */
function objection({ id: opened, nodes }: Opening, id: NodeId, facts: NodeFacts): Problem | null {
  const listed = nodes.nodes[id];
  if (facts.opening !== opened) return { code: 'OTHER_RUN', text: 'its ledger is of another run of the same name' };
  if (facts.node !== id) return { code: 'REPLAYED', text: `its ledger is that of ${facts.node}, under another name` };
  if (listed === undefined && nodes.guests === 'none')
    return { code: 'NOT_LISTED', text: 'it is not in nodes.yaml, and guests may not take part' };
  if (listed !== undefined && listed.key !== facts.key)
    return { code: 'WRONG_KEY', text: 'its key is not the one that nodes.yaml has for it' };
  const other = Object.entries(nodes.nodes).find(([name, { key }]) => key === facts.key && name !== id);
  return other === undefined ? null : { code: 'REPLAYED', text: `its key is that of ${other[0]}` };
}

/** By ledger, how many of its first entries are no larger than entries can be. Nothing is read to see that. */
async function fitting(git: Git, ledgers: readonly (readonly string[])[]): Promise<number[]> {
  const input = ledgers.flat().flatMap((commit) => [commit, `${commit}:record.json`]).join('\n'); // prettier-ignore
  if (input === '') return ledgers.map(() => 0);
  const out = await git.run(['cat-file', '--batch-check=%(objecttype) %(objectsize)'], { input: `${input}\n` });
  const sizes = out.split('\n').map((line) => /^(?:commit|blob) (\d+)$/.exec(line)?.[1]);
  const isOver = (at: number, most: number) => sizes[at] === undefined || Number(sizes[at]) > most;
  let from = 0;
  return ledgers.map((commits) => {
    const first = from;
    from += commits.length;
    const end = commits.findIndex((_, n) => isOver(2 * (first + n), MOST_COMMIT) || isOver(2 * (first + n) + 1, MOST_RECORD));
    return end < 0 ? commits.length : end;
  });
}

function isSigned({ commit, text }: RawEntry, key: string): boolean {
  return isCommitSignedBy(Buffer.from(text), key, commit.length === 40 ? 'sha1' : 'sha256');
}

const short = (commit = '') => commit.slice(0, 10);
