/** The best commit whose changes are all confirmed, by class of hardware. */
import type { Direction } from '../../experiment.ts';
import type { ConfirmRule, SwarmExperiment, SwarmIncumbent } from '../model.ts';
import { originOf } from '../names.ts';
import { without, NONE } from './bits.ts';
import type { Trust } from './trust.ts';

interface Level {
  readonly E: number;
  readonly V: number;
}

/** `keeps` are those that stand, in causal order; of commits of equal value the first one is taken. */
export function incumbentsOf(
  trust: Trust,
  keeps: readonly SwarmExperiment[],
  { confirm, direction }: { readonly confirm: ConfirmRule; readonly direction: Direction },
): Record<string, SwarmIncumbent> {
  return Object.fromEntries(
    trust.classes.flatMap((hardware) => {
      const changes = trust.changesOf(hardware);
      const confirmed = new Map([...changes].filter(([, change]) => change.status(confirm) === 'confirmed'));
      let best: { readonly keep: SwarmExperiment; readonly level: Level } | null = null;
      for (const keep of keeps) {
        const level = levelOf(trust, keep, confirmed);
        if (level !== null && level.E < (best?.level.E ?? 0)) best = { keep, level };
      }
      if (best === null) return [];
      const { keep, level } = best;
      const inside = without(trust.contents.of(keep.node, keep.id) ?? NONE, NONE);
      const found: SwarmIncumbent = {
        origin: originOf(keep),
        commit: keep.candidate ?? '',
        hardware,
        effect: direction === 'minimize' ? level.E : -level.E,
        sd: Math.sqrt(level.V),
        changes: inside.flatMap((place) => trust.contents.changes[place] ?? []).map(originOf),
      };
      return [[hardware, found] as const];
    }),
  );
}

/** The sum of the effects of all changes in it; null unless all of them are confirmed. */
function levelOf(trust: Trust, { node, id }: SwarmExperiment, confirmed: ReadonlyMap<number, { readonly effect: Level }>): Level | null {
  let [E, V] = [0, 0];
  for (const place of without(trust.contents.of(node, id) ?? NONE, NONE)) {
    const effect = confirmed.get(place)?.effect;
    if (effect === undefined) return null;
    E += effect.E;
    V += effect.V;
  }
  return { E, V };
}
