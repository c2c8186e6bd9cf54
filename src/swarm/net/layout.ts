/** Where everything of a swarm is: the names of its refs, at the remote and here. */
import type { NodeId } from '../model.ts';

/** Most hosts take refs of any name. For those that take branches only, all of it is below one folder of branches. */
export type Namespace = 'refs' | 'heads';

const ROOT: Readonly<Record<Namespace, string>> = { refs: 'refs/autoresearch/', heads: 'refs/heads/autoresearch-swarm/' };

export const ROOTS: readonly string[] = Object.values(ROOT);

/** The refs of one run at the remote. */
export interface Layout {
  readonly prefix: string;
  readonly opening: string;
  node(id: NodeId): string;
  kept(id: NodeId): string;
  /** A list of changes that nodes are about to measure. */
  reserved(place: number): string;
}

export function layoutOf(run: string, namespace: Namespace): Layout {
  const prefix = `${ROOT[namespace]}${run}/`;
  return {
    prefix,
    opening: `${prefix}opening`,
    node: (id) => `${prefix}nodes/${id}`,
    kept: (id) => `${prefix}kept/${id}`,
    reserved: (place) => `${prefix}reserved/${place}`,
  };
}

/** The runs that a remote's refs open, with the namespace of each. */
export function openedRuns(
  refs: ReadonlyMap<string, string>,
): { readonly run: string; readonly namespace: Namespace; readonly commit: string }[] {
  return (Object.keys(ROOT) as Namespace[]).flatMap((namespace) =>
    [...refs].flatMap(([name, commit]) => {
      const run =
        name.startsWith(ROOT[namespace]) && name.endsWith('/opening') ? name.slice(ROOT[namespace].length, -'/opening'.length) : '';
      return run === '' || run.includes('/') ? [] : [{ run, namespace, commit }];
    }),
  );
}

/** The refs here. What came from the remote is not believed before it was looked at. */
export const local = {
  opening: (run: string) => `refs/autoresearch/${run}/opening`,
  openingSeen: (run: string) => `refs/autoresearch/${run}/incoming-opening`,
  /** What counts of a node's ledger. */
  node: (run: string, id: NodeId) => `refs/autoresearch/${run}/nodes/${id}`,
  nodes: (run: string) => `refs/autoresearch/${run}/nodes/`,
  /** What came last. */
  incoming: (run: string, id: NodeId) => `refs/autoresearch/${run}/incoming/${id}`,
  incomings: (run: string) => `refs/autoresearch/${run}/incoming/`,
  reservedLists: (run: string) => `refs/autoresearch/${run}/reserved/`,
  reserved: (run: string, place: number) => `refs/autoresearch/${run}/reserved/${place}`,
};
