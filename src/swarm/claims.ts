import type { Claim, SwarmOpening } from './model.ts';
import { originOf } from './names.ts';
import type { Trust } from './trust/trust.ts';

/** Every claim with the measurements that other owners made of it: by class of hardware, then in causal order. */
export function claimsOf(trust: Trust, { objective }: Pick<SwarmOpening, 'objective'>): Claim[] {
  const signed = (effect: number) => (objective.direction === 'minimize' ? effect : -effect);
  return trust.classes.flatMap((hardware) =>
    [...trust.changesOf(hardware).values()].map((change) => {
      const { claim, owner, witnesses } = change;
      const { E, V, pGain } = change.expected;
      return {
        origin: originOf(claim),
        owner,
        commit: claim.candidate ?? '',
        title: claim.title,
        hardware,
        status: change.status,
        effect: signed(E),
        sd: Math.sqrt(V),
        pGain,
        // One that measured it along with others, of which nobody can tell one from another, says nothing of it.
        by: witnesses
          .filter(({ evidence }) => evidence !== 0)
          .map(({ experiment, owner: other, evidence }) => ({
            origin: originOf(experiment),
            owner: other,
            supports: evidence > 0,
          })),
      };
    }),
  );
}
