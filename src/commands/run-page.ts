import { messageOf } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { readRun } from '../ledger/read.ts';
import type { Log } from '../plugin.ts';
import type { Serving } from '../ui/serve.ts';

/** The page of a run in the process that works on it. It is gone with the run; `autoresearch ui` shows it afterwards. */
export class RunPage implements AsyncDisposable {
  readonly #log: Log;
  #serving: Serving | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Says where the page is. If the page cannot be served, the run works all the same. */
  readonly open = async ({ repository, run }: { readonly repository: Repository; readonly run: string }): Promise<void> => {
    try {
      const { servePage } = await import('./ui.ts');
      this.#serving = await servePage(repository, await readRun(repository.git, run), {});
      this.#log.info(`page: ${this.#serving.url}`);
    } catch (error) {
      this.#log.warn(`the page cannot be shown: ${messageOf(error)}`);
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#serving?.close();
  }
}
