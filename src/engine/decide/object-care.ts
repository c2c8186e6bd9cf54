import { AutoresearchError } from '../../errors.ts';
import { InFlightRefs } from '../../git/in-flight-refs.ts';
import { isComplete, packRun, packStamp } from '../../git/pack.ts';
import type { Repository } from '../../git/repository.ts';
import { commitsBefore } from '../../ledger/records.ts';
import type { InFlight } from '../../ledger/wal.ts';
import { Turns } from '../../turns.ts';

/** Experiments between two packings, and the number that makes packing at the end of a session worthwhile. */
const PACK_EVERY = 500;
const PACK_AT_END = 50;

interface OfRun {
  readonly repository: Repository;
  readonly run: string;
  /** The commit the run started from. */
  readonly base: string;
}

/** Takes care of the run's objects in git: keeps unreferenced ones, notices missing ones at once, and packs them from time to time. */
export class ObjectCare {
  readonly #of: OfRun;
  #stamp: string;
  /** By experiment. */
  readonly #pins = new Map<number, readonly string[]>();
  readonly #pinning = new Turns();
  readonly #refs: InFlightRefs;
  #unpacked = 0;

  constructor(of: OfRun) {
    this.#of = of;
    this.#refs = new InFlightRefs(of.repository, of.run);
    this.#stamp = packStamp(of.repository);
  }

  /** Keeps commits of an experiment in flight that no worktree has checked out, until it is settled. */
  pin(id: number, commits: readonly string[]): Promise<void> {
    this.#pins.set(id, commits);
    return this.#pinning.take(() => this.#refs.keep(this.#pinned()));
  }

  /** Keeps all commits of these experiments, and nothing else: between two sessions no worktree has them checked out. */
  pinOnly(experiments: readonly InFlight[]): Promise<void> {
    this.#pins.clear();
    for (const experiment of experiments) {
      const before = commitsBefore(experiment);
      const commits = experiment.state === 'committed' ? [experiment.candidate, ...before] : before;
      if (commits.length > 0) this.#pins.set(experiment.id, commits);
    }
    return this.#pinning.take(() => this.#refs.keepOnly(this.#pinned()));
  }

  /** Checks that no object was lost, if somebody else has repacked the repository since the last call. Throws GIT_OBJECTS_MISSING. */
  async check(tip: string): Promise<void> {
    const { repository, run, base } = this.#of;
    const stamp = packStamp(repository);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    if (await isComplete(repository, run, base, tip)) return;
    throw new AutoresearchError('GIT_OBJECTS_MISSING', `the repository was repacked, and objects of run ${run} are missing`, {
      hint: 'autoresearch verify says which; do not run `git gc --prune=now` or `git prune` beside a run',
    });
  }

  /** To be called after each experiment, when the ledger refers to all of its commits. */
  async settled(id: number): Promise<void> {
    // Its refs are left where they are until others need them, or the session ends.
    this.#pins.delete(id);
    if (++this.#unpacked >= PACK_EVERY) await this.#pack();
  }

  /** Called at the end of a session, but not after Ctrl-C, which should not have to wait. */
  async end({ isHurried }: { readonly isHurried: boolean }): Promise<void> {
    this.#refs.end();
    if (!isHurried && this.#unpacked >= PACK_AT_END) await this.#pack();
  }

  #pinned(): string[] {
    return [...new Set([...this.#pins.values()].flat())];
  }

  async #pack(): Promise<void> {
    const { repository, run, base } = this.#of;
    await packRun(repository, run, base);
    this.#unpacked = 0;
    this.#stamp = packStamp(repository);
  }
}
