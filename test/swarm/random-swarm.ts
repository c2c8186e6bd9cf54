/** A swarm as it may come about: nodes that try things, read each other's ledgers, and measure what others have found. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { NodeChain, NodeEntry, SwarmOpening, SwarmSummary } from '../../src/swarm/model.ts';

export const SIGMA = 0.01;

export const OPENING: SwarmOpening = {
  run: 'night',
  base: '0'.repeat(40),
  objective: { label: 'loss', direction: 'minimize' },
  confirm: { trials: 2, owners: 1 },
  sigma: SIGMA,
  open: true,
  nodes: Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((id) => [id, { owner: `owner of ${id}`, key: `key of ${id}`, may: ['propose', 'confirm'] }]),
  ),
};

export function commitOf(...parts: readonly unknown[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex');
}

/** One experiment as a ledger has it in short. `effect`: what it measured against the incumbent, in units of sigma. */
export function summaryOf(node: string, id: number, effect: number, rest: Partial<SwarmSummary> = {}): SwarmSummary {
  const verdict = id === 0 ? 'keep' : effect < -1 ? 'keep' : 'discard';
  const n = rest.n ?? 2;
  return {
    id,
    kind: id === 0 ? 'baseline' : 'change',
    basis: id === 0 ? null : 0,
    incumbent: id === 0 ? null : 0,
    verdict,
    reason: { code: verdict === 'keep' ? 'LIKELY_GAIN' : 'UNLIKELY_GAIN', text: '' },
    title: `${node} tries ${id}`,
    agent: 'search',
    score: 1 + effect * SIGMA,
    delta: id === 0 ? null : effect * SIGMA,
    spread: SIGMA,
    n,
    parent: OPENING.base,
    candidate: commitOf('candidate', node, id),
    seconds: 300,
    metrics: {},
    ...(id > 0 && {
      estimate: {
        effect: effect * SIGMA,
        low: -1,
        high: 1,
        pGain: 0.9,
        n,
        method: 'test',
        measured: { difference: effect * SIGMA, sd: SIGMA / Math.sqrt(n) },
      },
    }),
    ...rest,
  };
}

/** A node at work: its ledger so far, and what it has read of others. */
export class TestNode {
  readonly id: string;
  readonly entries: NodeEntry[] = [];
  #next = 0;
  #incumbent: number | null = null;

  constructor(id: string) {
    this.id = id;
    this.write({ kind: 'opened' });
    this.try(0);
  }

  get tip(): string {
    return this.entries.at(-1)?.commit ?? '';
  }

  write(record: NodeEntry['record']): void {
    this.entries.push({ commit: commitOf(this.id, this.entries.length, record, this.tip), at: 1000 + this.entries.length, record });
  }

  try(effect: number, rest: Partial<SwarmSummary> = {}): SwarmSummary {
    const id = this.#next++;
    const summary = summaryOf(this.id, id, effect, { ...(id > 0 && { basis: this.#incumbent, incumbent: this.#incumbent }), ...rest });
    if (summary.verdict === 'keep') this.#incumbent = id;
    this.write(summary);
    return summary;
  }

  read(...others: readonly TestNode[]): void {
    this.write({ kind: 'synced', seen: Object.fromEntries(others.map(({ id, tip }) => [id, tip])) });
  }

  chain(from = 0, to = this.entries.length): NodeChain {
    return {
      id: this.id,
      owner: `owner of ${this.id}`,
      after: from === 0 ? null : (this.entries[from - 1]?.commit ?? null),
      entries: this.entries.slice(from, to),
    };
  }
}

const act = fc.record({
  who: fc.nat(4),
  what: fc.constantFrom('try', 'try', 'try', 'read', 'measure', 'same', 'back'),
  other: fc.nat(4),
  // Whole tenths: doubles would nearly all be close to 0, and hardly anything would be kept.
  effect: fc.integer({ min: -60, max: 60 }).map((tenths) => tenths / 10),
  hardware: fc.constantFrom('', '', 'H100'),
});

/** Nodes that work together; one that OPENING does not list is a guest. */
export function swarmOf(ids: readonly string[]): fc.Arbitrary<readonly TestNode[]> {
  return fc.array(act, { maxLength: 60 }).map((acts) => play(ids, acts));
}

export const swarms = swarmOf(['a', 'b', 'c', 'd', 'guest']);

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function play(ids: readonly string[], acts: readonly Act[]): readonly TestNode[] {
  const nodes = ids.map((id) => new TestNode(id));
  for (const { who, what, other, effect, hardware } of acts) {
    const [node, from] = [nodes[who], nodes[other]];
    if (node === undefined || from === undefined) continue;
    const keep = from.entries.map(({ record }) => record as SwarmSummary).findLast(({ verdict, id }) => verdict === 'keep' && id > 0);
    const place = hardware === '' ? {} : { hardware };
    if (what === 'read') node.read(...nodes.filter((each) => each !== node));
    else if (what === 'back') node.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 } } } as NodeEntry['record']);
    else if (what === 'measure' && keep && from !== node) node.try(effect, { ...place, origin: `${from.id}#${keep.id}` });
    else if (what === 'same') node.try(effect, { ...place, key: `key ${other}` });
    else node.try(effect, place);
  }
  return nodes;
}
