import type { Desk, Slot } from './desk.ts';
import type { Workplaces } from './workplaces.ts';
import type { Rank } from './pool.ts';

/** Where one experiment is: at one desk or slot at a time. */
export class Seat {
  readonly #workplaces: Workplaces;
  readonly #signal: AbortSignal;
  #at: { readonly place: Desk; readonly leave: () => void } | null = null;
  #slot: Slot | null = null;

  constructor(workplaces: Workplaces, signal: AbortSignal) {
    this.#workplaces = workplaces;
    this.#signal = signal;
  }

  get here(): Desk | null {
    return this.#at?.place ?? null;
  }

  /** Its desk or slot. An experiment at work has one. */
  get place(): Desk {
    if (this.here === null) throw new Error('this experiment has neither a desk nor a slot');
    return this.here;
  }

  /** Goes to where an agent can work: with `isAhead` a desk, else a slot. One that has a slot and finds no desk free stays there. */
  async toDesk({ isAhead, rank }: { readonly isAhead: boolean; readonly rank: Rank }): Promise<Desk> {
    const { desks } = this.#workplaces;
    if (this.#at !== null && (this.#slot === null || !isAhead)) return this.place;
    const desk = this.#at === null ? (isAhead ? await desks.take(this.#signal, { rank }) : null) : desks.takeFree();
    if (desk !== null) return this.#moveTo(await desk.open(), () => desks.giveBack(desk), null);
    if (this.#at !== null) return this.place;
    return this.toSlot({ rank });
  }

  /** Goes to a slot: `name` says which, where it must be a certain one. */
  async toSlot({ rank, name }: { readonly rank: Rank; readonly name?: string | undefined }): Promise<Slot> {
    if (this.#slot !== null) return this.#slot;
    const { slots } = this.#workplaces;
    const lazy = await slots.take(this.#signal, { rank, fits: (slot) => name === undefined || slot.name === name });
    const slot = await lazy.open();
    this.#moveTo(slot, () => slots.giveBack(lazy), slot);
    return slot;
  }

  /** Goes back to where a session before this one has left its files; false where there is no such place any more. */
  async backTo(name: string, rank: Rank): Promise<boolean> {
    const { slots, desks } = this.#workplaces;
    if (slots.all.some((slot) => slot.name === name)) await this.toSlot({ rank, name });
    else if (desks.all.some((desk) => desk.name === name)) {
      const lazy = await desks.take(this.#signal, { rank, fits: (desk) => desk.name === name });
      this.#moveTo(await lazy.open(), () => desks.giveBack(lazy), null);
    } else return false;
    return true;
  }

  leave(): void {
    this.#at?.leave();
    this.#at = null;
    this.#slot = null;
  }

  #moveTo(place: Desk, leave: () => void, slot: Slot | null): Desk {
    this.#at?.leave();
    this.#at = { place, leave };
    this.#slot = slot;
    return place;
  }
}
