/** What other nodes have tried, so that it is not tried twice. */
import type { NodeId, SwarmExperiment, Tried } from './model.ts';
import { originOf } from './names.ts';
import type { SwarmView } from './state.ts';
import { formatDelta } from '../ledger/message.ts';
import type { SwarmUnion } from './union.ts';

/** Characters of a prompt's digest, and how many experiments back it goes. */
const CHARACTERS = 2000;
const LAST = 400;

/** The node that asks, and what it is about to try. */
interface Wanted {
  readonly key: string;
  readonly node: NodeId;
  readonly hardware: string;
}

/**
 * The first measured result of another node for the same change on the same commit and class of hardware; null if there is none.
 * Only listed nodes are believed: a guest could block ideas with results that it invents.
 */
export function triedElsewhere(union: SwarmUnion, { key, node: self, hardware }: Wanted): Tried | null {
  const found = union
    .withKey(key)
    .filter((one) => one.node !== self && one.score !== null && one.hardware === hardware && union.isListed(one.node))
    .toSorted((a, b) => a.clock - b.clock || (a.node < b.node ? -1 : 1))[0];
  if (found === undefined) return null;
  const { verdict, code, title, score } = found;
  return { origin: originOf(found), verdict, code, title, score };
}

/** For agents: what failed elsewhere, the latest first, one line each. Titles come from other people's models: they are cut and have no control characters. */
export function digestOf(
  { state, objective }: SwarmView,
  self: NodeId,
  { characters = CHARACTERS }: { readonly characters?: number } = {},
): string[] {
  const lines: string[] = [];
  let left = characters;
  const told = new Set<string>();
  for (const experiment of state.experiments.slice(-LAST).toReversed()) {
    const { node, kind, verdict, title, origin } = experiment;
    if (node === self || kind !== 'change' || verdict === 'keep' || origin !== null || told.has(title)) continue;
    told.add(title);
    const line = `${originOf(experiment)} ${resultOf(experiment, objective.label)}: ${title}`;
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return lines;
}

function resultOf({ verdict, delta, code }: SwarmExperiment, label: string): string {
  if (verdict === 'crash') return 'crashed';
  return delta === null ? `not kept (${code})` : `not kept (${label} ${formatDelta(delta)})`;
}
