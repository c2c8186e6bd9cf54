import { messageOf } from '../errors.ts';
import type { Git } from './git.ts';
import type { Service } from './service.ts';

export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  /** The commit it must be at now; null where it must not be there. Undefined: whatever it is. */
  readonly from?: string | null;
}

const DONE = 'start: ok\ncommit: ok\n';
/** A process that lives long may know refs as they were before `git gc` packed them. A new one knows better. */
const MAY_BE_STALE = /cannot lock ref '.*': is at [0-9a-f]+ but expected/;

/** Moves refs, all of a call or none, with one git process for many calls. */
export class RefUpdates {
  readonly #service: Service;

  constructor(git: Git) {
    this.#service = git.serve(['update-ref', '-m', 'autoresearch', '--stdin']);
  }

  async update(updates: readonly RefUpdate[]): Promise<void> {
    const lines = updates.map(({ ref, to, from }) => {
      const before = from === undefined ? '' : ` ${from ?? '0'.repeat(to.length)}`;
      return `update ${ref} ${to}${before}\n`;
    });
    const ask = () => this.#service.ask(`start\n${lines.join('')}commit\n`, (out) => (out.length >= DONE.length ? DONE.length : -1));
    await ask().catch((error: unknown) => {
      // Nothing was moved, and the process has ended.
      if (!MAY_BE_STALE.test(messageOf(error))) throw error;
      return ask();
    });
  }

  end(): void {
    this.#service.end();
  }
}
