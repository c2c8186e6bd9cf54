import type { PageHead } from '../../src/page/model.ts';

/** Says whose experiments a list has, where several nodes work on the run. */
export function OwnNode({ head }: { readonly head: PageHead }) {
  if (head.nodes < 2) return null;
  return (
    <p class="soft">
      The experiments of this node. What the others have kept is under Nodes; all of theirs: <code>autoresearch log --swarm</code>
    </p>
  );
}
