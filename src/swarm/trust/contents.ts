/** Which changes are in which commit: a keep has those of its basis and its own, one with an origin those of what it took over. */
import type { NodeId, SwarmExperiment } from '../model.ts';
import { originOf, readOrigin } from '../names.ts';
import { NONE, union, withBit, without, type Bits } from './bits.ts';

export interface Contents {
  /** The changes in the commit that was measured, and in the one it was compared with: places in the list of changes. */
  readonly candidate: Bits;
  readonly incumbent: Bits;
  /** Its own change, if it is no commit or change of another node. */
  readonly own: number | null;
  /** Whether its files are exactly those of its origin: that commit, or one that adds nothing to it. */
  readonly isExact: boolean;
}

export class ContentsOf {
  readonly #byExperiment = new Map<NodeId, Map<number, Bits>>();
  readonly #commits = new Map<NodeId, Map<number, string>>();
  /** The first experiment with each change. */
  readonly changes: SwarmExperiment[] = [];
  readonly #places = new Map<string, number>();

  /** Takes in the next experiment in causal order. Null for one whose origin is unknown. */
  follow(experiment: SwarmExperiment): Contents | null {
    const { node, basis, incumbent, verdict, candidate, kind, whole } = experiment;
    const taken = readOrigin(experiment.origin);
    const from = taken && this.#byExperiment.get(taken.node)?.get(taken.id);
    if (taken && (from === undefined || taken.node === node)) return null;
    const before = this.#of(node, basis);
    const isSame = taken !== null && candidate !== null && this.#commits.get(taken.node)?.get(taken.id) === candidate;
    const isExact = whole || isSame || (from !== undefined && from !== null && without(before, from).length === 0);
    const own = taken || kind !== 'change' ? null : this.#placeOf(experiment);
    const inside = from ? (isExact ? from : union(before, from)) : own === null ? before : withBit(before, own);
    if (verdict === 'keep' && candidate !== null) this.#keep(experiment, inside, candidate);
    return { candidate: inside, incumbent: this.#of(node, incumbent), own, isExact };
  }

  of(node: NodeId, id: number): Bits | undefined {
    return this.#byExperiment.get(node)?.get(id);
  }

  #of(node: NodeId, id: number | null): Bits {
    return (id === null ? undefined : this.of(node, id)) ?? NONE;
  }

  /** Two nodes that tried the same change share its place. */
  #placeOf(experiment: SwarmExperiment): number {
    const name = experiment.key ?? originOf(experiment);
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.changes.length);
    return this.changes.push(experiment) - 1;
  }

  #keep({ node, id }: SwarmExperiment, inside: Bits, commit: string): void {
    const of = this.#byExperiment.get(node) ?? new Map<number, Bits>();
    this.#byExperiment.set(node, of.set(id, inside));
    const commits = this.#commits.get(node) ?? new Map<number, string>();
    this.#commits.set(node, commits.set(id, commit));
  }
}
