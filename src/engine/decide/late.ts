import { foldHistory } from '../../contract/fold-history.ts';
import type { RunView, Summary } from '../../plugin.ts';
import type { Survival } from '../../stats.ts';
import { isConcerned, openOffers, survivalOf, type Offer } from '../../model/late-gains.ts';

interface Known {
  readonly concerned: Summary[];
  survival: Survival | null;
}

/** The late gains of a run, followed as its history grows. */
export class LateGains {
  readonly #fold = foldHistory<Known>({
    start: () => ({ concerned: [], survival: null }),
    follow(known, summary) {
      if (!isConcerned(summary)) return known;
      known.concerned.push(summary);
      known.survival = null;
      return known;
    },
  });

  /** The share of moved gains that survive. */
  survival(run: RunView): Survival {
    const known = this.#fold(run);
    return (known.survival ??= survivalOf(known.concerned));
  }

  /** Those that wait to be offered again, the largest gain first. */
  open(run: RunView): readonly Offer[] {
    return openOffers(this.#fold(run).concerned, run.pending);
  }
}
