import { compareOrder, CausalOrder } from './causal-order.ts';
import { compact, type Taken } from './compact.ts';
import type { NodeChain, NodeId, Problem, SwarmExperiment, SwarmOpening } from './model.ts';
import { NodeLedger, type Undo } from './node-ledger.ts';
import { SortedList } from './sorted-list.ts';

export type Step = SwarmExperiment | Undo;

/** A part of a ledger in the short form, as the cache has it. */
export interface TakenChain {
  readonly id: NodeId;
  readonly owner: string;
  readonly after: string | null;
  readonly entries: readonly Taken[];
  readonly problems?: readonly Problem[] | undefined;
}

/**
 * The ledgers of all nodes together. What it holds depends on which entries have arrived, and not on their order or on how they
 * were split into syncs.
 */
export class SwarmUnion {
  readonly opening: SwarmOpening;
  readonly #ledgers = new Map<NodeId, NodeLedger>();
  readonly #grown = new Set<NodeId>();
  readonly #order = new CausalOrder(({ node }) => this.#grown.add(node));
  readonly #experiments = new SortedList<SwarmExperiment>(compareOrder);
  readonly #byKey = new Map<string, SwarmExperiment[]>();
  /** The inputs of trust. */
  readonly #steps = new SortedList<Step>(compareOrder);

  constructor(opening: SwarmOpening) {
    this.opening = opening;
  }

  /** Adds the new entries of one node's ledger; entries that are there already change nothing. */
  add({ entries, ...chain }: NodeChain): void {
    this.take({ ...chain, entries: entries.map(compact) });
  }

  take({ id, owner, after, entries, problems = [] }: TakenChain): void {
    const ledger = this.#ledgerOf(id, owner);
    ledger.tell(problems);
    let last = after;
    let isForked = false;
    for (const taken of entries) {
      if (this.#order.add(id, taken, last)) isForked ||= ledger.isForkedAt(last);
      last = taken.commit;
    }
    this.#grown.add(id);
    if (isForked) this.#forget(ledger);
    for (const node of this.#grown) {
      const grown = this.#ledgers.get(node);
      if (grown !== undefined) this.#extend(grown);
    }
    this.#grown.clear();
  }

  get ledgers(): ReadonlyMap<NodeId, NodeLedger> {
    return this.#ledgers;
  }

  get waiting(): number {
    return this.#order.waiting;
  }

  /** By node, up to where its ledger has been read: what a node writes down as seen after a sync. */
  get tips(): Readonly<Record<NodeId, string>> {
    return Object.fromEntries([...this.#ledgers].flatMap(([id, { tip }]) => (tip === null ? [] : [[id, tip]])));
  }

  /** Whether its measurements count like those of a listed node. */
  isListed(node: NodeId): boolean {
    const { open, guests } = this.opening;
    return this.#listedAs(node) !== undefined || (open && guests === 'confirm');
  }

  /** Whether its measurements can confirm the claims of others. */
  mayConfirm(node: NodeId): boolean {
    return this.#listedAs(node)?.may.includes('confirm') ?? this.isListed(node);
  }

  /** Whether its keeps count as claims; those of nodes that are not listed do. */
  mayPropose(node: NodeId): boolean {
    return this.#listedAs(node)?.may.includes('propose') ?? true;
  }

  /** The nodes that take part: those listed and, in an open swarm, those whose ledger a listed node has read. */
  admitted(): ReadonlySet<NodeId> {
    const listed = [...this.#ledgers.values()].filter(({ id }) => this.isListed(id));
    const read = this.opening.open ? listed.flatMap((ledger) => [...ledger.read]) : [];
    return new Set([...listed.map(({ id }) => id), ...read]);
  }

  /** How many experiments a node's ledger has up to an entry. */
  countUpTo(node: NodeId, commit: string): number {
    const last = this.#order.placed(node, commit)?.position ?? -1;
    return this.#ledgers.get(node)?.experiments.filter(({ position }) => position <= last).length ?? 0;
  }

  /** Experiments in causal order, including those of nodes that are not admitted. */
  get experiments(): readonly SwarmExperiment[] {
    return this.#experiments.items;
  }

  /** All that tried the same change on the same commit, in no order. */
  withKey(key: string): readonly SwarmExperiment[] {
    return this.#byKey.get(key) ?? [];
  }

  /** The inputs of trust, in causal order: keeps, experiments with an origin or with a change that another node tried too, and audits that took keeps back. */
  get steps(): readonly Step[] {
    return this.#steps.items;
  }

  #ledgerOf(id: NodeId, owner: string): NodeLedger {
    const known = this.#ledgers.get(id);
    if (known !== undefined) return known;
    const ledger = new NodeLedger(id, this.#listedAs(id)?.owner ?? owner, this.#order);
    this.#ledgers.set(id, ledger);
    return ledger;
  }

  /** Names of nodes may be those of properties that every object has. */
  #listedAs(node: NodeId) {
    const { nodes } = this.opening;
    return Object.hasOwn(nodes, node) ? nodes[node] : undefined;
  }

  #extend(ledger: NodeLedger): void {
    const undos = ledger.undos.length;
    this.#follow(ledger.extend());
    this.#steps.add(ledger.undos.slice(undos));
  }

  #follow(fresh: readonly SwarmExperiment[]): void {
    this.#experiments.add(fresh);
    this.#steps.add(fresh.flatMap((experiment) => this.#findingsIn(experiment)));
  }

  #findingsIn(experiment: SwarmExperiment): SwarmExperiment[] {
    const { key } = experiment;
    const same = key === null ? [] : (this.#byKey.get(key) ?? []);
    if (key !== null) this.#byKey.set(key, [...same, experiment]);
    const isShared = (one: SwarmExperiment, all: readonly SwarmExperiment[]) => all.some(({ node }) => node !== one.node);
    // Those that were alone with their change until now.
    const late = same.filter((one) => !isFinding(one) && !isShared(one, same) && isShared(one, [experiment]));
    return isFinding(experiment) || isShared(experiment, same) ? [...late, experiment] : late;
  }

  /** A ledger has a fork: nothing after it counts any more, so all lists are made again. */
  #forget(ledger: NodeLedger): void {
    ledger.reset();
    this.#experiments.clear();
    this.#steps.clear();
    this.#byKey.clear();
    for (const each of this.#ledgers.values()) {
      this.#follow(each.experiments);
      this.#steps.add(each.undos);
    }
  }
}

function isFinding({ verdict, origin }: SwarmExperiment): boolean {
  return verdict === 'keep' || origin !== null;
}
