/** Which commit of another node to measure here next: to take it over, and with that to confirm what its node claims. */
import type { NodeId, Origin, SwarmExperiment } from './model.ts';
import { originOf } from './names.ts';
import type { SwarmView } from './state.ts';
import { NONE, without } from './trust/bits.ts';
import type { Change } from './trust/change.ts';
import { survivalOf } from './trust/survival.ts';

/** The node that asks, and where it stands. */
export interface Asking {
  readonly node: NodeId;
  /** The experiment that is its incumbent. */
  readonly incumbent: number | null;
  /** The class of hardware its trials run on. */
  readonly hardware: string;
  /** Origins it is measuring now, which are not offered again. */
  readonly skip?: ReadonlySet<Origin>;
}

export interface SwarmOffer {
  readonly origin: Origin;
  readonly commit: string;
  /** The last commit of that line whose changes are all here already; null for the one the run started from. What came after it is to be put on the incumbent. */
  readonly parent: string | null;
  /** `whole`: the commit as it is; `moved`: what it has more than `parent`, on top of the incumbent here. */
  readonly how: 'whole' | 'moved';
  /** The gain that is expected, in units of the score, 0 or more. */
  readonly gain: number;
}

export interface OfferOptions {
  /** A smaller gain is not worth the trials; in units of sigma. The longer nothing of others was measured, the less is asked, down to a quarter. */
  readonly least: number;
  /** How many experiments of its own a node does after one with an origin. */
  readonly pause: number;
}

export const OFFERS: OfferOptions = { least: 2, pause: 1 };

/** A claim this large, in units of sigma, is measured as the claimed commit itself: a rebased change could fail for other reasons. */
const LARGE = 4;

/** The gain that is required falls with each experiment of the node's own, to nothing after so many, but never below this share. */
const PATIENCE = 60;
const LEAST_PART = 0.25;

/** Null where nothing is worth it, or where the node has just measured something of others. */
export function nextOffer(view: SwarmView, asking: Asking, options: Partial<OfferOptions> = {}): SwarmOffer | null {
  const { least, pause } = { ...OFFERS, ...options };
  const { trust, keeps, noise, state } = view;
  const { node, hardware, incumbent, skip } = asking;
  const own = state.experiments.filter((each) => each.node === node);
  if (pause > 0 && own.slice(-pause).some(({ origin }) => origin !== null)) return null;
  const measured = new Set(own.map(({ origin }) => origin));
  const here = (incumbent === null ? undefined : trust.contents.of(node, incumbent)) ?? NONE;
  const changes = trust.changesOf(hardware);
  const sigma = noise.sigma(hardware) ?? 0;
  const wanted = least * sigma * Math.max(LEAST_PART, 1 - sinceForeign(own) / PATIENCE);
  const survives = survivalOf(trust.moves);
  let best: SwarmOffer | null = null;
  for (const keep of lastKeeps(keeps, node)) {
    if (measured.has(originOf(keep)) || skip?.has(originOf(keep)) || keep.candidate === null) continue;
    const there = trust.contents.of(keep.node, keep.id) ?? NONE;
    const more = without(there, here).flatMap((place) => changes.get(place) ?? []);
    const less = without(here, there).flatMap((place) => changes.get(place) ?? []);
    const isLarge = sigma > 0 && more.some((change) => change.witnesses.length === 0 && -change.alone.E > LARGE * sigma);
    const gained = more.reduce((sum, change) => sum + gainOf(change, view), 0);
    const lost = less.reduce((sum, change) => sum - change.effect.E, 0);
    const moved = gained * survives ** without(here, there).length;
    const how = isLarge || gained - lost > moved ? 'whole' : 'moved';
    const gain = how === 'whole' && !isLarge ? gained - lost : moved;
    if (gain < wanted || gain <= (best?.gain ?? 0)) continue;
    best = { origin: originOf(keep), commit: keep.candidate, parent: parentOf(keep, view, asking), how, gain };
  }
  return best;
}

/** Experiments of a node since it has measured something of others. */
function sinceForeign(own: readonly SwarmExperiment[]): number {
  return own.length - 1 - own.findLastIndex(({ origin }) => origin !== null);
}

/** The gain to expect of a change; one that is only claimed is multiplied by the weight of its node. */
function gainOf(change: Change, { trust }: SwarmView): number {
  const { status } = change;
  if (status === 'confirmed') return -change.effect.E;
  if (status === 'claimed') return -change.expected.E * Math.max(LEAST_WEIGHT, trust.standings.weight(change.claim.node));
  // One of two owners is wrong beyond chance: a third one tells which.
  return status === 'refuted' && change.hasOneJudge ? -change.alone.E * LEAST_WEIGHT : 0;
}

/** The least weight of a claim here, so that claims of every node are measured sometimes. */
const LEAST_WEIGHT = 0.2;

/** The last keep of every other node. */
function lastKeeps(keeps: readonly SwarmExperiment[], self: NodeId): Iterable<SwarmExperiment> {
  const last = new Map<NodeId, SwarmExperiment>();
  for (const keep of keeps) if (keep.node !== self) last.set(keep.node, keep);
  return last.values();
}

function parentOf(keep: SwarmExperiment, { trust, keeps }: SwarmView, { node, incumbent }: Asking): string | null {
  const here = (incumbent === null ? undefined : trust.contents.of(node, incumbent)) ?? NONE;
  const line = keeps.filter((each) => each.node === keep.node && each.position < keep.position);
  const known = line.findLast((each) => without(trust.contents.of(each.node, each.id) ?? NONE, here).length === 0);
  return known?.candidate ?? null;
}
