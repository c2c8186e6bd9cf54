/** One node's ledger, as far as it counts: up to a fork, and of two experiments with one number the first. */
import type { CausalOrder, Placed } from './causal-order.ts';
import type { NodeId, Problem, SwarmExperiment } from './model.ts';

/** An audit that made an earlier experiment of its node the incumbent again. */
export interface Undo {
  readonly node: NodeId;
  readonly clock: number;
  readonly position: number;
  readonly back: number;
}

/** So many problems of one fetch are reported. */
const MOST_PROBLEMS = 20;

export class NodeLedger {
  readonly id: NodeId;
  owner: string;
  readonly experiments: SwarmExperiment[] = [];
  readonly undos: Undo[] = [];
  /** Nodes whose ledgers it has read. */
  readonly read = new Set<NodeId>();
  readonly #ids = new Map<number, SwarmExperiment>();
  readonly #order: CausalOrder;
  readonly #problems = new Map<string, Problem>();
  /** Problems found while the ledger was fetched, such as a bad signature, by code. */
  readonly #told = new Map<string, Problem>();
  #tip: string | null = null;
  #length = 0;

  constructor(id: NodeId, owner: string, order: CausalOrder) {
    this.id = id;
    this.owner = owner;
    this.#order = order;
  }

  /** The last entry that counts: what a node that has read this ledger writes down as seen. */
  get tip(): string | null {
    return this.#tip;
  }

  /** Its first entry; undefined where it has two, or none has arrived. */
  get first(): string | undefined {
    const [first, ...others] = this.#order.after(this.id, null);
    return others.length === 0 ? first : undefined;
  }

  get length(): number {
    return this.#length;
  }

  get problems(): readonly Problem[] {
    return [...this.#told.values(), ...this.#problems.values()];
  }

  experiment(id: number): SwarmExperiment | undefined {
    return this.#ids.get(id);
  }

  tell(problems: readonly Problem[]): void {
    for (const problem of problems.slice(0, MOST_PROBLEMS)) this.#told.set(problem.code, problem);
  }

  /** Reads on from the last entry that counts; gives the new experiments. */
  extend(): readonly SwarmExperiment[] {
    const first = this.experiments.length;
    for (;;) {
      const next = this.#order.after(this.id, this.#tip);
      if (next.length > 1) this.#note('FORKED', `it has ${next.length} different entries at place ${this.#length}`);
      const [commit] = next;
      const placed = next.length === 1 && commit !== undefined ? this.#order.placed(this.id, commit) : null;
      if (placed === null) return this.experiments.slice(first);
      this.#take(placed);
    }
  }

  /** Whether a second entry has arrived after `after`, beside one that was already counted. */
  isForkedAt(after: string | null): boolean {
    return after !== this.#tip && this.#order.after(this.id, after).length > 1;
  }

  #take({ taken, clock, position }: Placed): void {
    this.#tip = taken.commit;
    this.#length = position + 1;
    const { row, seen = [], back, isBad, at, commit } = taken;
    for (const [node] of seen) this.read.add(node);
    if (isBad) this.#note('UNREADABLE', `its entry ${commit.slice(0, 7)} is no record`);
    if (back !== undefined) this.undos.push({ node: this.id, clock, position, back });
    if (row === undefined) return;
    if (this.#ids.has(row.id)) return this.#note('REPEATED', `its #${row.id} is there more than once; the first one counts`);
    const experiment: SwarmExperiment = { ...row, node: this.id, entry: commit, clock, position, at };
    this.#ids.set(row.id, experiment);
    this.experiments.push(experiment);
  }

  #note(code: string, text: string): void {
    if (!this.#problems.has(code)) this.#problems.set(code, { code, text });
  }

  /** Forgets everything read, because the ledger turned out to have a fork. */
  reset(): void {
    this.#tip = null;
    this.#length = 0;
    this.experiments.length = 0;
    this.undos.length = 0;
    this.read.clear();
    this.#ids.clear();
    this.#problems.clear();
  }
}
