/** What other nodes have tried: so that nobody tries it again. */
import type { NodeId, SwarmExperiment, SwarmOpening, Tried } from './model.ts';
import { originOf } from './names.ts';
import type { SwarmView } from './state.ts';
import { formatDelta } from '../ledger/message.ts';
import type { SwarmUnion } from './union.ts';

/** Lines of a prompt's digest, and how many experiments back they go. */
const MOST_LINES = 20;
const LAST = 400;

/** The first measured result of another node for the same change on the same commit; null if there is none. */
export function triedElsewhere(union: SwarmUnion, key: string, self: NodeId): Tried | null {
  const admitted = union.admitted();
  const found = union
    .withKey(key)
    .filter(({ node, score }) => node !== self && score !== null && admitted.has(node))
    .toSorted((a, b) => a.clock - b.clock || (a.node < b.node ? -1 : 1))[0];
  if (found === undefined) return null;
  const { verdict, code, title, score } = found;
  return { origin: originOf(found), verdict, code, title, score };
}

/** For agents: what failed elsewhere, the latest first, one line each. Titles come from other people's models: they are cut and have no control characters. */
export function digestOf({ state }: SwarmView, self: NodeId, { objective }: Pick<SwarmOpening, 'objective'>): string[] {
  const lines: string[] = [];
  const told = new Set<string>();
  for (const experiment of state.experiments.slice(-LAST).toReversed()) {
    const { node, kind, verdict, title, origin } = experiment;
    if (node === self || kind !== 'change' || verdict === 'keep' || origin !== null || told.has(title)) continue;
    told.add(title);
    lines.push(`${originOf(experiment)} ${resultOf(experiment, objective.label)}: ${title}`);
    if (lines.length === MOST_LINES) break;
  }
  return lines;
}

function resultOf({ verdict, delta, code }: SwarmExperiment, label: string): string {
  if (verdict === 'crash') return 'crashed';
  return delta === null ? `not kept (${code})` : `not kept (${label} ${formatDelta(delta)})`;
}
