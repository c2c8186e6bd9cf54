import { messageOf } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { readRun } from '../ledger/read.ts';
import type { Log } from '../plugin.ts';
import type { Serving } from '../ui/serve.ts';
import { linkText } from './page-link.ts';
import type { UiFlags } from './ui.ts';

/** The page of a run in the process that works on it. It is gone with the run; `autoresearch ui` shows it afterwards. */
export class RunPage implements AsyncDisposable {
  readonly #log: Log;
  readonly #flags: UiFlags;
  #serving: Serving | null = null;

  /** Where it is served. */
  constructor(log: Log, flags: UiFlags) {
    this.#log = log;
    this.#flags = flags;
  }

  /** Says where the page is. If the page cannot be served, the run works all the same. */
  readonly open = async ({ repository, run }: { readonly repository: Repository; readonly run: string }): Promise<void> => {
    try {
      const { servePage } = await import('./ui.ts');
      this.#serving = await servePage(repository, await readRun(repository.git, run), this.#flags);
      this.#log.info(`page: ${await linkText(this.#serving.url, process.stderr)}`);
    } catch (error) {
      this.#log.warn(`the page cannot be shown: ${messageOf(error)}`);
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#serving?.close();
  }
}
