import { RefUpdates } from './ref-updates.ts';
import type { Repository } from './repository.ts';
import { inFlightRef, pinInFlight } from './run-refs.ts';

/** Keeps commits of experiments in flight reachable, whatever their worktrees hold. One git process moves the refs. */
export class InFlightRefs {
  readonly #repository: Repository;
  readonly #run: string;
  readonly #updates: RefUpdates;
  /** Where each ref is. One whose commit is no longer needed stays there until another commit needs it. */
  #at: readonly string[] = [];

  constructor(repository: Repository, run: string) {
    this.#repository = repository;
    this.#run = run;
    this.#updates = new RefUpdates(repository.git);
  }

  /** Keeps these commits, and perhaps others. */
  async keep(commits: readonly string[]): Promise<void> {
    const at = [...this.#at];
    const free = [...at.keys()].filter((index) => !commits.includes(at[index] ?? ''));
    const updates = [...new Set(commits)]
      .filter((commit) => !at.includes(commit))
      .map((to) => {
        const index = free.shift() ?? at.length;
        at[index] = to;
        return { ref: inFlightRef(this.#run, index), to };
      });
    if (updates.length === 0) return;
    await this.#updates.update(updates);
    this.#at = at;
  }

  /** Keeps these commits, and no others. */
  async keepOnly(commits: readonly string[]): Promise<void> {
    this.#at = [];
    await pinInFlight(this.#repository, this.#run, commits);
    this.#at = [...commits];
  }

  /** Ends the process that moves the refs; the refs stay. */
  end(): void {
    this.#updates.end();
  }
}
