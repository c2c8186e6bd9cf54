/** One night of a swarm: nodes that read each other's ledgers after every experiment, or do not talk at all. */
import { audit } from '../../src/stats.ts';
import type { Objective } from '../../src/plugin.ts';
import { nextOffer, type OfferOptions } from '../../src/swarm/offer.ts';
import type { NodeEntry, SwarmOpening, SwarmSummary, Synced } from '../../src/swarm/model.ts';
import { viewOf, type SwarmView } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import type { NamedGate } from '../decisions/policies.ts';
import { commitOf } from '../decisions/records.ts';
import { UNIT } from '../decisions/worlds.ts';
import { SwarmNature, type Scene } from './nature.ts';
import { SimulatedNode } from './node.ts';

export interface NightInput extends Scene {
  readonly talk: boolean;
  readonly gates: () => readonly NamedGate[];
  readonly objective: Objective;
  /** Wall clock of the night, in trials. */
  readonly wall: number;
  readonly offers?: Partial<OfferOptions>;
}

/** Gains in units of the score. `claim`: of the audit; `estimate`: what was believed before it. */
export interface NightResult {
  readonly gain: number;
  readonly claim: number;
  readonly estimate: number;
  readonly tried: number;
  readonly offered: number;
  readonly taken: number;
}

interface Working {
  readonly node: SimulatedNode;
  readonly place: number;
  idea: { readonly number: number; readonly basis: string; readonly readyAt: number };
  endsAt: number;
  last: string | null;
  told: Readonly<Record<string, string>>;
}

const CONFIRM = { trials: 2, owners: 1 };
const AUDIT_TRIALS = 3;
const BASE = commitOf(0);
/** Ideas of different nodes have different numbers. */
const IDEAS = 100_000;

export async function playNight(input: NightInput): Promise<NightResult> {
  const { nodes: count, gates, objective, world, night, wall, talk } = input;
  const nature = new SwarmNature(input);
  nature.start(BASE);
  const union = new SwarmUnion(openingOf(input));
  let commits = 0;
  const counts = { tried: 0, offered: 0, taken: 0 };
  const nodes = Array.from({ length: count }, (_, place): Working => {
    const node = new SimulatedNode({ place, nature, gates: gates(), objective, sigma: world.sigma, night });
    const endsAt = node.begin({ candidate: BASE, trials: 2 });
    return { node, place, idea: { number: place * IDEAS + 1, basis: BASE, readyAt: endsAt }, endsAt, last: null, told: {} };
  });

  const publish = (working: Working, summary: SwarmSummary): void => {
    const { node, last, told } = working;
    const seen = Object.fromEntries(Object.entries(union.tips).filter(([id, tip]) => id !== node.id && told[id] !== tip));
    const synced: Synced = { kind: 'synced', seen };
    const records = [...(talk && Object.keys(seen).length > 0 ? [synced] : []), summary];
    const entries = records.map((record): NodeEntry => ({ commit: commitOf(1e9 + ++commits), at: commits, record }));
    union.add({ id: node.id, owner: node.id, after: last, entries });
    working.last = entries.at(-1)?.commit ?? null;
    working.told = { ...told, ...seen };
  };

  const fill = (working: Working, now: number, view: SwarmView | null): void => {
    const { node, place, idea } = working;
    const { incumbent } = node;
    if (incumbent === null) throw new Error('a baseline was not kept');
    const candidate = commitOf(++commits);
    const asking = { node: node.id, incumbent: incumbent.id, hardware: '' };
    const offer = view === null ? null : nextOffer(view, asking, input.offers);
    if (offer !== null) {
      const whole = offer.how === 'whole';
      if (!whole) nature.merge(offer.commit, { on: incumbent.commit, as: candidate });
      counts.offered++;
      const trials = node.begin({ candidate: whole ? offer.commit : candidate, trials: CONFIRM.trials, origin: offer.origin, whole });
      working.endsAt = now + trials;
      return;
    }
    const at = Math.max(now, idea.readyAt);
    nature.invent(idea.number, { madeOn: idea.basis, on: incumbent.commit, as: candidate });
    working.idea = { number: idea.number + 1, basis: incumbent.commit, readyAt: at + nature.think(place) };
    working.endsAt = at + node.begin({ candidate, trials: 1 });
  };

  for (;;) {
    const next = nodes.reduce((first, each) => (each.endsAt < first.endsAt ? each : first));
    if (next.endsAt > wall) break;
    const now = next.endsAt;
    const summary = await next.node.decide();
    if (summary === null) {
      next.endsAt = now + 1;
      continue;
    }
    publish(next, summary);
    counts.tried++;
    if (summary.origin !== undefined && summary.verdict === 'keep') counts.taken++;
    fill(next, now, talk ? viewOf(union) : null);
  }
  const best = talk ? ofSwarm(viewOf(union)) : ofBest(nodes);
  const trialsOf = (commit: string) => Array.from({ length: AUDIT_TRIALS }, () => nature.trial(commit, 0));
  const { claim } = audit({ final: trialsOf(best.commit), anchor: trialsOf(BASE), sigma: world.sigma * UNIT });
  return { gain: -nature.truthOf(best.commit), claim: -claim, estimate: -best.estimate, ...counts };
}

function openingOf({ nodes, world }: NightInput): SwarmOpening {
  const listed = Array.from(
    { length: nodes },
    (_, i) => [`n${i}`, { owner: `n${i}`, key: '', may: ['propose', 'confirm'] as const }] as const,
  );
  return {
    run: 'night',
    base: BASE,
    objective: { label: 'val_bpb', direction: 'minimize' },
    confirm: CONFIRM,
    sigma: world.sigma * UNIT,
    open: false,
    nodes: Object.fromEntries(listed),
  };
}

/** What all nodes of a swarm show as its incumbent. */
function ofSwarm({ state }: SwarmView): { readonly commit: string; readonly estimate: number } {
  const incumbent = state.incumbents[''];
  return { commit: incumbent?.commit ?? BASE, estimate: incumbent?.effect ?? 0 };
}

/** The one that believes to have come furthest. */
function ofBest(nodes: readonly Working[]): { readonly commit: string; readonly estimate: number } {
  const { node } = nodes.reduce((best, each) => (each.node.believed < best.node.believed ? each : best));
  return { commit: node.incumbent?.commit ?? BASE, estimate: node.believed };
}
