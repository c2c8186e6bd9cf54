import type { NodeId } from '../model.ts';
import type { SwarmUnion } from '../union.ts';
import { factsIn } from './facts.ts';
import { local } from './layout.ts';
import type { Opening } from './opening.ts';
import type { SwarmPlace } from './place.ts';

/** The public key of a node whose word counts; null for any other one. */
export async function keyOf(
  { run, self, key, repository: { git } }: SwarmPlace,
  { nodes: { nodes } }: Opening,
  union: Pick<SwarmUnion, 'isListed'>,
  node: NodeId,
): Promise<string | null> {
  if (node === self) return key.publicKey;
  if (!union.isListed(node)) return null;
  const listed = Object.hasOwn(nodes, node) ? nodes[node]?.key : undefined;
  if (listed !== undefined) return listed;
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', local.node(run, node)], { accept: [1, 128] });
  return code === 0 ? ((await factsIn(git, out.trim()))?.key ?? null) : null;
}
