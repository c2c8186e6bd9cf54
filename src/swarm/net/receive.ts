/** What has come from a node: looked at before any of it counts. */
import type { Git } from '../../git/git.ts';
import { isCommitSignedBy } from '../../git/signature/signed-commit.ts';
import { parsePublicKey } from '../../git/signature/ssh-key.ts';
import { readObjects } from '../../ledger/read.ts';
import type { NodeFacts } from '../../ledger/swarm-records.ts';
import type { NodeId, Problem } from '../model.ts';
import type { Opening } from './opening.ts';
import { listCommits, readRaw, type RawEntry } from './read-chain.ts';

/** Larger entries are no work of this program: it bounds logs, texts and messages. */
const MOST_COMMIT = 256 * 1024;
const MOST_RECORD = 16 * 1024 * 1024;
const MOST_ENTRIES = 1_000_000;

export interface Received {
  /** Who the node says it is; null where it does not say so in a form that can be checked. */
  readonly facts: NodeFacts | null;
  /** The last entry that counts; null where none does. */
  readonly tip: string | null;
  readonly problems: readonly Problem[];
}

export interface Incoming {
  readonly id: NodeId;
  /** What came. */
  readonly tip: string;
  /** What counted until now; null where nothing did. */
  readonly counted: string | null;
}

/** A node's ledger counts up to the last entry that its key has signed: each entry names the one before by its hash. */
export async function receive(git: Git, opening: Opening, { id, tip, counted }: Incoming): Promise<Received> {
  const stays = (problem: Problem, facts: NodeFacts | null = null): Received => ({ facts, tip: counted, problems: [problem] });
  const commits = await listCommits(git, tip, counted, MOST_ENTRIES);
  if (commits === null) {
    const text =
      'its ledger is not what it was: entries that were there are gone or changed. What had been seen still counts, the rest does not';
    return stays({ code: 'REWRITTEN', text }, counted === null ? null : await factsIn(git, counted));
  }
  const fit = await withinSize(git, commits);
  const problems: Problem[] = [];
  if (fit.length < commits.length) {
    const text = `entry ${short(commits[fit.length])} of its ledger is larger than entries can be: it does not count, nor does what follows`;
    problems.push({ code: 'OVERSIZED', text });
  }
  const first = counted ?? fit[0];
  const facts = first === undefined ? null : await factsIn(git, first);
  if (facts === null) return stays({ code: 'NO_NODE', text: 'its ledger does not say whose it is' });
  const problem = objection(opening, id, facts);
  if (problem !== null) return stays(problem, facts);
  const raw = await readRaw(git, fit);
  const signed = raw.findLastIndex((entry) => isSigned(entry, facts.key));
  if (signed < raw.length - 1) {
    const count = raw.length - 1 - signed;
    const text = `${count === 1 ? 'an entry is' : `${count} entries are`} not signed with its key, from ${short(raw[signed + 1]?.commit)} on: not counted`;
    problems.push({ code: 'UNSIGNED', text });
  }
  return { facts, tip: raw[signed]?.commit ?? counted, problems };
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

/** The first of them, up to one that is larger than entries can be. Nothing is read to see that. */
async function withinSize(git: Git, commits: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return [];
  const input = commits.flatMap((commit) => [commit, `${commit}:record.json`]).join('\n');
  const out = await git.run(['cat-file', '--batch-check=%(objecttype) %(objectsize)'], { input: `${input}\n` });
  const sizes = out.split('\n').map((line) => /^(?:commit|blob) (\d+)$/.exec(line)?.[1]);
  const isOver = (at: number, most: number) => sizes[at] === undefined || Number(sizes[at]) > most;
  const end = commits.findIndex((_, index) => isOver(2 * index, MOST_COMMIT) || isOver(2 * index + 1, MOST_RECORD));
  return end < 0 ? [...commits] : commits.slice(0, end);
}

/** Who a ledger says it is, in its first entry. */
export async function factsIn(git: Git, commit: string): Promise<NodeFacts | null> {
  const root = (await git.run(['rev-list', '--first-parent', '--max-parents=0', commit, '--'])).trim().split('\n').at(-1) ?? '';
  const [object] = await readObjects(git, [`${root}:record.json`]);
  try {
    const { swarm } = JSON.parse(object?.text ?? '') as { readonly swarm?: NodeFacts };
    const { node, owner, key, opening, focus } = swarm ?? {};
    const texts = [node, owner, opening, focus ?? ''];
    const parsed = parsePublicKey(String(key));
    if (parsed === null || !texts.every((text) => typeof text === 'string' && text.length <= 400)) return null;
    return { ...(swarm as NodeFacts), key: parsed };
  } catch {
    return null;
  }
}

function isSigned({ commit, text }: RawEntry, key: string): boolean {
  return isCommitSignedBy(Buffer.from(text), key, commit.length === 40 ? 'sha1' : 'sha256');
}

const short = (commit = '') => commit.slice(0, 10);
