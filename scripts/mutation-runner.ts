/**
 * StrykerJS's test runner for vitest: one vitest and one worker for all mutants of a file, because starting one for each takes
 * longer than most tests. Its environment: MUTATION_FILE is the file that is mutated, MUTATION_TESTS a JSON list of the file's own
 * tests; they run first, and with MUTATION_QUICK they run alone.
 */
import { BroadcastChannel } from 'node:worker_threads';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';
import { CHANNEL, type FromWorker, type Order } from './mutation-worker.ts';

type Outcome =
  { status: 'survived'; nrOfTests: number } | { status: 'killed'; killedBy: string[]; failureMessage: string; nrOfTests: number };

/** So many mutants are tried before the worker is given its list of files again. */
const ROUNDS = 200;

/** A mutant that waits for the verdict of the tests, or has it. */
interface Trial {
  readonly mutant: string | null;
  failure: string | null;
  readonly settle: (outcome: Outcome) => void;
}

/** Keeps the order of the files, and each of them as often as it is given. */
class AsGiven {
  sort(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

class WarmVitest {
  static readonly inject = [];
  readonly #channel = new BroadcastChannel(CHANNEL);
  #vitest: Vitest | null = null;
  /** The file's own tests, then all others that import it. */
  #files: readonly TestSpecification[] = [];
  /** The file of the list that the worker is at. */
  #place = 0;
  #next = Promise.withResolvers<Trial>();
  #trial: Trial | null = null;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const options = {
      config: 'vitest.mutation.config.ts',
      runner: `${import.meta.dirname}/mutation-worker.ts`,
      watch: false,
      pool: 'threads' as const,
      maxWorkers: 1,
      reporters: [{}],
      sequence: { sequencer: AsGiven },
      related: [process.env['MUTATION_FILE'] ?? ''],
    };
    this.#vitest = await createVitest('test', options);
    const all = await this.#vitest.getRelevantTestSpecifications();
    const own = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]') as string[];
    const isOwn = ({ moduleId }: TestSpecification) => own.some((file) => moduleId.endsWith(`/${file}`));
    const rest = process.env['MUTATION_QUICK'] === undefined ? all.filter((test) => !isOwn(test)) : [];
    this.#files = [...all.filter(isOwn), ...rest];
    this.#channel.onmessage = (event) => void this.#hear((event as { data: FromWorker | Order }).data);
    if (this.#files.length > 0) void this.#keepRunning(this.#vitest);
  }

  async dryRun() {
    if (this.#files.length === 0) return { status: 'error', errorMessage: 'no test imports the file' };
    const outcome = await this.#run(null);
    if (outcome.status === 'killed') return { status: 'error', errorMessage: `without a mutant: ${outcome.failureMessage}` };
    return { status: 'complete', tests: [{ id: 'all', name: 'all', status: 0, timeSpentMs: 0 }] };
  }

  mutantRun({ activeMutant }: { readonly activeMutant: { readonly id: string } }): Promise<Outcome> {
    return this.#run(activeMutant.id);
  }

  /** The worker waits for its next mutant until the process ends: StrykerJS ends it. */
  dispose(): void {
    this.#channel.close();
  }

  #run(mutant: string | null): Promise<Outcome> {
    return new Promise((settle) => {
      this.#next.resolve({ mutant, failure: null, settle });
    });
  }

  async #keepRunning(vitest: Vitest): Promise<never> {
    for (;;) await vitest.runTestSpecifications(Array.from({ length: ROUNDS }, () => this.#files).flat(), true);
  }

  async #hear(message: FromWorker | Order): Promise<void> {
    if (message.kind === 'ask') {
      if (this.#trial === null) {
        this.#trial = await this.#next.promise;
        this.#next = Promise.withResolvers();
      }
      const { mutant, failure } = this.#trial;
      const order: Order = { kind: 'order', mutant, isDone: failure !== null };
      this.#channel.postMessage(order);
    } else if (message.kind === 'done') this.#heard(message.failure);
  }

  #heard(failure: string | null): void {
    const trial = this.#trial;
    if (trial === null) return;
    trial.failure ??= failure;
    this.#place = (this.#place + 1) % this.#files.length;
    if (this.#place > 0) return;
    this.#trial = null;
    const nrOfTests = this.#files.length;
    trial.settle(
      trial.failure === null
        ? { status: 'survived', nrOfTests }
        : { status: 'killed', killedBy: ['all'], failureMessage: trial.failure, nrOfTests },
    );
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'warm-vitest', injectableClass: WarmVitest }];
