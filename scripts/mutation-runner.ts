/**
 * StrykerJS's test runner for vitest: one vitest for all mutants of a file, because starting one for each takes longer than most
 * tests. Its environment: MUTATION_FILE is the file that is mutated, MUTATION_TESTS a JSON list of the file's own tests; they run
 * first, and with MUTATION_QUICK they run alone.
 */
import { createVitest, type TestModule, type TestSpecification, type Vitest } from 'vitest/node';

type Outcome =
  { status: 'survived'; nrOfTests: number } | { status: 'killed'; killedBy: string[]; failureMessage: string; nrOfTests: number };

/** Code that StrykerJS has instrumented reads here which mutant to be. Vitest's threads copy it when they start, one for each run. */
const ACTIVE = '__STRYKER_ACTIVE_MUTANT__';

class WarmVitest {
  static readonly inject = [];
  #vitest: Vitest | null = null;
  /** The file's own tests, then all others that import it. */
  #stages: readonly (readonly TestSpecification[])[] = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const related = [process.env['MUTATION_FILE'] ?? ''];
    const options = {
      config: 'vitest.mutation.config.ts',
      watch: false,
      bail: 1,
      pool: 'threads',
      maxWorkers: 1,
      reporters: [{}],
      related,
    };
    this.#vitest = await createVitest('test', options);
    const all = await this.#vitest.getRelevantTestSpecifications();
    const own = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]') as string[];
    const isOwn = ({ moduleId }: TestSpecification) => own.some((file) => moduleId.endsWith(`/${file}`));
    const rest = process.env['MUTATION_QUICK'] === undefined ? all.filter((test) => !isOwn(test)) : [];
    this.#stages = [all.filter(isOwn), rest];
  }

  async dryRun() {
    const outcome = await this.#run(undefined);
    if (outcome.status === 'killed') return { status: 'error', errorMessage: `without a mutant: ${outcome.failureMessage}` };
    if (outcome.nrOfTests === 0) return { status: 'error', errorMessage: 'no test imports the file' };
    return { status: 'complete', tests: [{ id: 'all', name: 'all', status: 0, timeSpentMs: 0 }] };
  }

  mutantRun({ activeMutant }: { readonly activeMutant: { readonly id: string } }): Promise<Outcome> {
    return this.#run(activeMutant.id);
  }

  async dispose(): Promise<void> {
    await this.#vitest?.close();
  }

  async #run(mutant: string | undefined): Promise<Outcome> {
    if (mutant === undefined) delete process.env[ACTIVE];
    else process.env[ACTIVE] = mutant;
    let nrOfTests = 0;
    for (const stage of this.#stages.filter(({ length }) => length > 0)) {
      const { testModules, unhandledErrors } = (await this.#vitest?.runTestSpecifications([...stage], true)) ?? {
        testModules: [],
        unhandledErrors: [],
      };
      nrOfTests += testModules.length;
      const failed = testModules.find((module: TestModule) => !module.ok());
      if (failed === undefined && unhandledErrors.length === 0) continue;
      const failureMessage = `${failed?.relativeModuleId ?? ''} ${JSON.stringify(failed?.errors() ?? unhandledErrors)}`;
      return { status: 'killed', killedBy: ['all'], failureMessage, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'warm-vitest', injectableClass: WarmVitest }];
