/**
 * Vitest's runner for mutation tests. One worker runs the same test files again and again, each time with another mutant: before
 * each file it asks which mutant to be, and after it says what the tests made of it. Starting a worker for each mutant takes
 * longer than most tests.
 */
import { BroadcastChannel } from 'node:worker_threads';
import { TestRunner, vi, type RunnerTestFile, type RunnerTestCase } from 'vitest';

/** What the worker asks and says, and what it is told. */
export type FromWorker = { readonly kind: 'ask' } | { readonly kind: 'done'; readonly failure: string | null };
export interface Order {
  readonly kind: 'order';
  /** Null: the sources as they are. */
  readonly mutant: string | null;
  /** This mutant was noticed already: leave the file out. */
  readonly isDone: boolean;
}

export const CHANNEL = 'mutants';

export default class MutationWorker extends TestRunner {
  readonly #channel = new BroadcastChannel(CHANNEL);
  #isDone = false;
  #failure: string | null = null;

  async onBeforeCollect(): Promise<void> {
    const order = await this.#ask();
    this.#isDone = order.isDone;
    this.#failure = null;
    // Instrumented code reads here which mutant to be; what is computed once, when a module is loaded, is computed anew.
    const stryker = ((globalThis as { __stryker__?: { activeMutant?: string | undefined } }).__stryker__ ??= {});
    stryker.activeMutant = order.mutant ?? undefined;
    vi.resetModules();
  }

  override importFile(...args: Parameters<TestRunner['importFile']>): ReturnType<TestRunner['importFile']> {
    return this.#isDone ? Promise.resolve() : super.importFile(...args);
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    // One failure is enough.
    if (this.#failure !== null) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    if (test.result?.state === 'fail') this.#failure ??= `${test.name}: ${test.result.errors?.[0]?.message ?? ''}`;
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    const failed = files.find((file) => file.result?.state === 'fail');
    if (failed !== undefined) this.#failure ??= failed.result?.errors?.[0]?.message ?? failed.name;
    this.#say({ kind: 'done', failure: this.#isDone ? null : this.#failure });
  }

  #ask(): Promise<Order> {
    const { promise, resolve } = Promise.withResolvers<Order>();
    this.#channel.onmessage = (event) => {
      const { data } = event as { data: FromWorker | Order };
      if (data.kind === 'order') resolve(data);
    };
    this.#say({ kind: 'ask' });
    return promise;
  }

  #say(message: FromWorker): void {
    this.#channel.postMessage(message);
  }
}
