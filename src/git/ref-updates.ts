import type { Git } from './git.ts';
import type { Service } from './service.ts';

export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  /** The commit it must be at now; null where it must not be there. Undefined: whatever it is. */
  readonly from?: string | null;
}

const DONE = 'start: ok\ncommit: ok\n';

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
    await this.#service.ask(`start\n${lines.join('')}commit\n`, (out) => (out.length >= DONE.length ? DONE.length : -1));
  }

  end(): void {
    this.#service.end();
  }
}
