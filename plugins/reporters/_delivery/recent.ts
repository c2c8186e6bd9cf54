import type { RunView, SettledExperiment } from '../../../src/plugin.ts';

/** How many records are kept, and how many are read from the ledger at once. */
const HELD = 32;

/** Whole records: the last ones from memory, others from the ledger, some at a time. */
export class Recent {
  readonly #held = new Map<number, SettledExperiment>();

  add(experiment: SettledExperiment): void {
    this.#held.set(experiment.id, experiment);
    for (const [id] of this.#held) {
      if (this.#held.size <= HELD) break;
      this.#held.delete(id);
    }
  }

  /** The record of the experiment at this place of the history. */
  async record(run: RunView, at: number): Promise<SettledExperiment> {
    const id = run.history[at]?.id ?? -1;
    const held = this.#held.get(id);
    if (held !== undefined) return held;
    const ids = run.history.slice(at, at + HELD).map((summary) => summary.id);
    const read = (await run.ledger?.experiments(ids)) ?? [];
    if (read.length > 0) this.#held.clear();
    for (const record of read) this.#held.set(record.id, record);
    const found = this.#held.get(id);
    if (found === undefined) throw new Error(`the ledger does not hold experiment ${id}`);
    return found;
  }
}
