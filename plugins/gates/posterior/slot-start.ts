import type { Summary } from '../../../src/plugin.ts';
import { addSlot, contrastsOf, slotScale, startLevels, type SlotLevels } from '../../../src/stats.ts';

/** Where the trials of an experiment ran; hardware is '' where slots have no class. */
export interface SlotAndHardware {
  readonly slot: string;
  readonly hardware: string;
}

interface Start extends SlotAndHardware {
  readonly m: number;
  readonly n: number;
}

/** What the starting point scored in each slot, and how slots that come later begin. */
export class SlotStart {
  #means: readonly Start[] = [];
  /** False once a candidate was judged: what is believed then no longer rests on the starting point alone. */
  #isStarting = true;

  /** The slot of an experiment. Where the first record has none, nothing is known of slots, and all trials count as of one. */
  placeOf({ slot, hardware }: Pick<Summary, 'slot' | 'hardware'>): SlotAndHardware {
    const [first] = this.#means;
    if (first === undefined) return { slot: slot ?? '', hardware: hardware ?? '' };
    return first.slot === '' || slot === undefined ? { slot: first.slot, hardware: first.hardware } : { slot, hardware: hardware ?? '' };
  }

  has(slot: string): boolean {
    return this.#means.some((mean) => mean.slot === slot);
  }

  /** Adds trials of the starting point. False where they come too late to be part of the start. */
  measure({ slot, hardware }: SlotAndHardware, { m, n }: { readonly m: number; readonly n: number }): boolean {
    const before = this.#means.find((mean) => mean.slot === slot);
    const both =
      before === undefined ? { slot, hardware, m, n } : { ...before, m: (before.m * before.n + m * n) / (before.n + n), n: before.n + n };
    if (this.#isStarting || before === undefined) this.#means = [...this.#means.filter((mean) => mean !== before), both];
    return this.#isStarting;
  }

  end(): void {
    this.#isStarting = false;
  }

  /** The levels of the starting point, by the noise that is known now. */
  levels(sigma: number): SlotLevels {
    const means = this.#means.map(({ slot, hardware, m, n }) => ({ slot, hardware, m, v: sigma ** 2 / n }));
    return startLevels(means, slotScale(means, sigma));
  }

  /** The levels with this slot among them: as they are, or as those of its class say; null where none of its class was measured. */
  withSlot(levels: SlotLevels, { slot, hardware }: SlotAndHardware, sigma: number): SlotLevels | null {
    if (levels.slots.includes(slot)) return levels;
    return addSlot(levels, { slot, hardware }, slotScale(contrastsOf(levels), sigma));
  }
}
