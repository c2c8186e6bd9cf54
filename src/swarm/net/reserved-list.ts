/** A list of reservations at the remote: commits without files, each on top of the one before, each signed by the node that it names. */
import { COMMITTER, type Git } from '../../git/git.ts';
import { ObjectWriter } from '../../git/objects.ts';
import { isCommitSignedBy, signCommit } from '../../git/signature/signed-commit.ts';
import { oneLine } from '../../ledger/message.ts';
import type { NodeId } from '../model.ts';
import { isNodeId } from '../names.ts';
import { isKey, type ListedReservation, type Reservation } from '../reservations.ts';
import type { SwarmPlace } from './place.ts';
import { readRaw } from './read-chain.ts';

/** Entries that are read of a list: its last ones. */
const MOST_READ = 64;
const MOST_BYTES = 4096;
const MOST_TITLE = 60;
const TRAILER = 'Autoresearch-Reserved: ';

/** Writes the commit that reserves a change; gives it. Nothing knows of it before a ref does. */
export async function writeReservation(
  { repository: { git }, self, key: nodeKey }: Pick<SwarmPlace, 'repository' | 'self' | 'key'>,
  { key, title }: Pick<Reservation, 'key' | 'title'>,
  after: string | null,
): Promise<string> {
  const objects = await ObjectWriter.open(git);
  const who = `${COMMITTER} ${Math.floor(Date.now() / 1000)} +0000`;
  const reservation: Reservation = { node: self, key, title: oneLine(title, MOST_TITLE) };
  const lines = [
    `tree ${objects.write('tree', '')}`,
    ...(after === null ? [] : [`parent ${after}`]),
    `author ${who}`,
    `committer ${who}`,
    '',
    `reserved ${key} for ${self}`,
    '',
    `${TRAILER}${JSON.stringify({ v: 1, ...reservation })}`,
    '',
  ];
  return objects.write('commit', signCommit(lines.join('\n'), nodeKey, objects.hash));
}

/**
 * The last entries of a list that count, the oldest first. What is no reservation, is too large, or is not signed by the node that it
 * names, is passed over. `keyOf` gives a node's public key; null for one whose word does not count.
 * @throws where the commit is none
 */
export async function readReservations(
  git: Git,
  tip: string,
  keyOf: (node: NodeId) => Promise<string | null>,
): Promise<readonly ListedReservation[]> {
  const out = await git.run(['rev-list', '--first-parent', '--reverse', `--max-count=${MOST_READ}`, tip, '--']);
  const commits = out.split('\n').filter(Boolean);
  const sizes = await git.run(['cat-file', '--batch-check=%(objectsize)'], { input: `${commits.join('\n')}\n` });
  const small = sizes.split('\n').map((size) => Number(size) <= MOST_BYTES);
  const raw = await readRaw(git, commits.filter((_, at) => small[at])); // prettier-ignore
  const read = raw.map(async ({ commit, text }) => {
    const reservation = parse(text);
    const key = reservation === null ? null : await keyOf(reservation.node);
    const isSigned = key !== null && isCommitSignedBy(Buffer.from(text), key, commit.length === 40 ? 'sha1' : 'sha256');
    return isSigned ? reservation : null;
  });
  return (await Promise.all(read)).filter((one) => one !== null);
}

function parse(text: string): ListedReservation | null {
  const line = text.split('\n').find((each) => each.startsWith(TRAILER));
  try {
    const { v, node, key, title } = JSON.parse(line?.slice(TRAILER.length) ?? '') as Partial<Reservation> & { readonly v?: unknown };
    if (v !== 1 || typeof node !== 'string' || !isNodeId(node) || !isKey(key) || typeof title !== 'string') return null;
    const at = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(text)?.[1] ?? 0);
    return { node, key, title: oneLine(title, MOST_TITLE), at };
  } catch {
    return null;
  }
}
