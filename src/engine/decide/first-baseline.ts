import type { CommittedExperiment, ProposedExperiment } from '../../experiment.ts';
import type { RunState } from '../../model/run-state.ts';

/** What is measured in other slots beside the baseline is decided after it: until then there is nothing to compare with. */
export class FirstBaseline {
  readonly #state: RunState;
  readonly #kept = Promise.withResolvers<void>();

  constructor(state: RunState) {
    this.#state = state;
    this.settled();
  }

  /** Something was settled. */
  settled(): void {
    if (this.#state.incumbent !== null) this.#kept.resolve();
  }

  /** Waits for it, and gives the experiment with the number that the baseline has. Rejects when `signal` is aborted meanwhile. */
  async before<E extends CommittedExperiment | ProposedExperiment>(experiment: E, signal: AbortSignal): Promise<E> {
    if (experiment.kind !== 'control' || this.#state.incumbent !== null) return experiment;
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      await Promise.race([this.#kept.promise, stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    // One that failed and was measured again in a later session has another number.
    const state = this.#state;
    return { ...experiment, basis: { ...experiment.basis, incumbent: state.incumbent?.id ?? null } };
  }
}
