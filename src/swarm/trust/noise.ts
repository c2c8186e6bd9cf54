/** The noise of one trial: what the opening says, which nobody can move, else by class of hardware what listed nodes have repeated. */
import { median } from '../../stats.ts';
import type { SwarmExperiment } from '../model.ts';

/** Repeats of a node below which its figure is not used. */
const LEAST_DF = 3;

/** The median over nodes, so that one that lies moves it no further than to its neighbours. */
export class SwarmNoise {
  readonly #pooled = new Map<string, Map<string, { ss: number; df: number }>>();
  readonly #given: number | null;

  constructor(given: number | undefined) {
    this.#given = given ?? null;
  }

  follow({ node, hardware, n, spread, score }: SwarmExperiment): void {
    if (score === null || n < 2) return;
    const byNode = this.#pooled.get(hardware) ?? new Map<string, { ss: number; df: number }>();
    const { ss, df } = byNode.get(node) ?? { ss: 0, df: 0 };
    this.#pooled.set(hardware, byNode.set(node, { ss: ss + (n - 1) * spread ** 2, df: df + n - 1 }));
  }

  /** What is known of each class. */
  get figures(): readonly unknown[] {
    return [this.#given, ...[...this.#pooled.keys()].toSorted().map((hardware) => [hardware, this.sigma(hardware)])];
  }

  /** Null where nothing is known. */
  sigma(hardware: string): number | null {
    if (this.#given !== null) return this.#given;
    const figures = [...(this.#pooled.get(hardware) ?? new Map<string, { ss: number; df: number }>()).values()]
      .filter(({ df }) => df >= LEAST_DF)
      .map(({ ss, df }) => Math.sqrt(ss / df));
    // In two digits, so that it does not change with every experiment.
    return figures.length === 0 ? null : Number(median(figures).toPrecision(2));
  }
}
