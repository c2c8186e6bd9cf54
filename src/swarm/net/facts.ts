/** Who a ledger says it is, in its first entry. */
import type { Git } from '../../git/git.ts';
import { parsePublicKey } from '../../git/signature/ssh-key.ts';
import { readObjects } from '../../ledger/read.ts';
import type { NodeFacts } from '../../ledger/swarm-records.ts';

const MOST_TEXT = 400;
const MOST_KNOWN = 10_000;

/** By entry. An entry names all before it by their hashes, so what was found stays true. */
const known = new Map<string, NodeFacts>();

export function remember(entry: string, facts: NodeFacts): void {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(entry, facts);
}

export interface LedgerEntry {
  /** Any entry of the ledger; null where there is none. */
  readonly entry: string | null;
  /** Its first one, where that is known: to find it, all of the ledger is walked. */
  readonly root?: string | undefined;
}

/** What the ledgers say of themselves, in the same order; null where that has not the right form. */
export async function factsOf(git: Git, ledgers: readonly LedgerEntry[]): Promise<(NodeFacts | null)[]> {
  const roots: (string | null)[] = [];
  for (const { entry, root } of ledgers) roots.push(entry === null || known.has(entry) ? null : (root ?? (await rootOf(git, entry))));
  const wanted = roots.filter((root) => root !== null);
  const read = await readObjects(git, wanted.map((root) => `${root}:record.json`)); // prettier-ignore
  const texts = new Map(wanted.map((root, index) => [root, read[index]?.text ?? '']));
  return ledgers.map(({ entry }, index) => {
    const root = roots[index] ?? null;
    return root === null ? (known.get(entry ?? '') ?? null) : parse(texts.get(root) ?? '');
  });
}

export async function factsIn(git: Git, entry: string): Promise<NodeFacts | null> {
  const [facts] = await factsOf(git, [{ entry }]);
  return facts ?? null;
}

async function rootOf(git: Git, entry: string): Promise<string> {
  return (await git.run(['rev-list', '--first-parent', '--max-parents=0', entry, '--'])).trim().split('\n').at(-1) ?? '';
}

function parse(text: string): NodeFacts | null {
  try {
    const { swarm } = JSON.parse(text) as { readonly swarm?: NodeFacts };
    const { node, owner, key, opening, focus } = swarm ?? {};
    const parsed = parsePublicKey(String(key));
    const isFine = [node, owner, opening, focus ?? ''].every((each) => typeof each === 'string' && each.length <= MOST_TEXT);
    return parsed === null || !isFine ? null : { ...(swarm as NodeFacts), key: parsed };
  } catch {
    return null;
  }
}
