import { messageOf } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { Slot, type Desk } from './desk.ts';
import { Pool } from './pool.ts';
import { Turns } from '../../turns.ts';

/** A slot or a desk that is opened when it is first needed. */
export interface Lazy<T> {
  readonly name: string;
  open(): Promise<T>;
}

interface WorkplacesInput {
  readonly slots: readonly string[];
  /** The most desks that may be needed. */
  readonly desks: number;
  openSlot(name: string, index: number): Promise<Slot>;
  openDesk(name: string): Promise<Desk>;
  readonly warn: (message: string) => void;
}

/** All slots and desks of a session. Git makes one worktree at a time. */
export class Workplaces {
  readonly slots: Pool<Lazy<Slot>>;
  readonly desks: Pool<Lazy<Desk>>;
  readonly #opened = new Map<string, Promise<Desk | Slot>>();
  readonly #turns = new Turns();
  readonly #warn: WorkplacesInput['warn'];

  constructor({ slots, desks, openSlot, openDesk, warn }: WorkplacesInput) {
    this.#warn = warn;
    this.slots = new Pool(slots.map((name, index) => this.#lazy(name, () => openSlot(name, index))));
    const names = Array.from({ length: desks }, (_, index) => `desk-${index + 1}`);
    this.desks = new Pool(names.map((name) => this.#lazy(name, () => openDesk(name))));
  }

  /** What was opened is closed; `isNeeded` says whose worktree holds edits that are nowhere else. */
  async close(isNeeded: (name: string) => boolean): Promise<void> {
    for (const opening of this.#opened.values()) {
      try {
        const place = await opening;
        if (place instanceof Slot) await place.evaluator?.close();
        if (!isNeeded(place.name)) await place.worktree.remove();
      } catch (error) {
        // An error while cleaning up must not hide why the run ended, nor prevent the rest of the clean-up.
        this.#warn(messageOf(error));
      }
    }
  }

  #lazy<T extends Desk>(name: string, open: () => Promise<T>): Lazy<T> {
    return {
      name,
      open: () => {
        const known = this.#opened.get(name) as Promise<T> | undefined;
        const opening =
          known ??
          this.#turns.take(async () => {
            const place = await open();
            makeFolders(place.scratchDir);
            return place;
          });
        this.#opened.set(name, opening);
        return opening;
      },
    };
  }
}
