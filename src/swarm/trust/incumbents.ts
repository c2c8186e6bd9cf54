/** The best commit whose changes are all confirmed, by class of hardware. */
import type { Direction } from '../../experiment.ts';
import type { SwarmExperiment, SwarmIncumbent } from '../model.ts';
import { originOf } from '../names.ts';
import { NONE, overlap, without, type Bits } from './bits.ts';
import type { Trust } from './trust.ts';

interface Level {
  readonly E: number;
  readonly V: number;
}

/** `keeps` are those that stand, in causal order; of commits of equal value the first one is taken. */
export function incumbentsOf(trust: Trust, keeps: readonly SwarmExperiment[], direction: Direction): Record<string, SwarmIncumbent> {
  return Object.fromEntries(
    trust.classes.flatMap((hardware) => {
      const levelOf = levels(trust, hardware);
      let best: { readonly keep: SwarmExperiment; readonly level: Level } | null = null;
      for (const keep of keeps) {
        const level = levelOf(trust.contents.of(keep.node, keep.id) ?? NONE);
        if (level !== null && level.E < (best?.level.E ?? 0)) best = { keep, level };
      }
      return best === null ? [] : [[hardware, incumbentOf(trust, { ...best, hardware, direction })] as const];
    }),
  );
}

/** Sums the effects of all changes in a commit; null unless all of them are confirmed. */
function levels(trust: Trust, hardware: string): (inside: Bits) => Level | null {
  const changes = trust.changesOf(hardware);
  const effects = trust.contents.changes.map((_, place) => {
    const change = changes.get(place);
    return change?.status === 'confirmed' ? change.effect : null;
  });
  const open = new Uint32Array(Math.ceil(effects.length / 32));
  for (const [place, effect] of effects.entries()) if (effect === null) open[place >>> 5] = (open[place >>> 5] ?? 0) | (1 << (place & 31));
  return (inside) => {
    if (overlap(inside, open)) return null;
    let [E, V] = [0, 0];
    for (const place of without(inside, NONE)) {
      const effect = effects[place];
      E += effect?.E ?? 0;
      V += effect?.V ?? 0;
    }
    return { E, V };
  };
}

interface Found {
  readonly keep: SwarmExperiment;
  readonly level: Level;
  readonly hardware: string;
  readonly direction: Direction;
}

function incumbentOf({ contents }: Trust, { keep, level, hardware, direction }: Found): SwarmIncumbent {
  return {
    origin: originOf(keep),
    commit: keep.candidate ?? '',
    hardware,
    effect: direction === 'minimize' ? level.E : -level.E,
    sd: Math.sqrt(level.V),
    changes: without(contents.of(keep.node, keep.id) ?? NONE, NONE)
      .flatMap((place) => contents.changes[place] ?? [])
      .map(originOf),
  };
}
