/** Trust in a swarm's findings. New steps are added to the last result where they come last in causal order; else it is computed from the start. */
import type { NodeId } from './model.ts';
import { SwarmNoise } from './trust/noise.ts';
import { Trust } from './trust/trust.ts';
import type { Step, SwarmUnion } from './union.ts';

interface Followed {
  readonly trust: Trust;
  readonly noise: SwarmNoise;
  /** Its inputs: steps in causal order, and the noise they were judged by. */
  readonly steps: readonly Step[];
  readonly basis: string;
}

const followed = new WeakMap<SwarmUnion, Followed>();

/** `admitted`: whose steps count; null for all. */
export function trustOf(union: SwarmUnion, admitted: ReadonlySet<NodeId> | null): Followed {
  const steps = admitted === null ? union.steps : union.steps.filter(({ node }) => admitted.has(node));
  const noise = noiseIn(union);
  const basis = JSON.stringify(noise.figures);
  const before = followed.get(union);
  const isAfter = before?.basis === basis && before.steps.every((step, i) => step === steps[i]);
  const now: Followed = isAfter ? { ...before, steps, noise } : { trust: startTrust(union, noise), noise, steps, basis };
  for (const step of steps.slice(isAfter ? before.steps.length : 0)) {
    if ('back' in step) now.trust.undo(step);
    else now.trust.follow(step);
  }
  followed.set(union, now);
  return now;
}

function noiseIn(union: SwarmUnion): SwarmNoise {
  const noise = new SwarmNoise(union.opening.sigma);
  if (union.opening.sigma !== undefined) return noise;
  for (const { id, experiments } of union.ledgers.values()) {
    if (union.isListed(id)) for (const experiment of experiments) noise.follow(experiment);
  }
  return noise;
}

function startTrust(union: SwarmUnion, noise: SwarmNoise): Trust {
  const { opening, ledgers } = union;
  return new Trust({
    direction: opening.objective.direction,
    confirm: opening.confirm,
    noise,
    ownerOf: (node) => ledgers.get(node)?.owner ?? node,
    isListed: (node) => union.isListed(node),
    mayConfirm: (node) => union.mayConfirm(node),
    mayPropose: (node) => union.mayPropose(node),
  });
}
