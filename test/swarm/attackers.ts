/** What a node may do that wants others to show wrong numbers. Each is drawn anew, against swarms that are drawn too. */
import fc from 'fast-check';
import type { NodeChain, NodeEntry, SwarmSummary } from '../../src/swarm/model.ts';
import { commitOf, TestNode } from './random-swarm.ts';

export interface Attack {
  readonly name: string;
  /** Is the attacker one of the listed nodes? */
  readonly isListed: boolean;
  /** What arrives from it. `seen`: has a listed node read its ledger, so that it takes part? */
  play(node: TestNode, others: readonly TestNode[], draw: Draw): NodeChain[];
}

export interface Draw {
  readonly effect: number;
  readonly count: number;
  readonly place: number;
  readonly json: unknown;
}

export const draws: fc.Arbitrary<Draw> = fc.record({
  effect: fc.double({ min: 30, max: 1e6, noNaN: true }),
  count: fc.integer({ min: 1, max: 30 }),
  place: fc.nat(40),
  json: fc.jsonValue(),
});

const HOSTILE = '\u001b[2J\u001b]0;x\u0007<script>alert(1)</script>\u202e\n\r#1 keep =cmd()|';

const keepsOf = (node: TestNode) =>
  node.entries.map(({ record }) => record as SwarmSummary).filter(({ verdict, id }) => verdict === 'keep' && id > 0);

/** Another history of a ledger: the same up to a place, and then something else. */
function otherHistory(node: TestNode, place: number, records: readonly NodeEntry['record'][]): NodeChain {
  let after = place === 0 ? null : (node.entries[place - 1]?.commit ?? null);
  const first = after;
  const entries = records.map((record, i): NodeEntry => {
    const commit = commitOf('other', node.id, after, i, record);
    after = commit;
    return { commit, at: 1, record };
  });
  return { id: node.id, owner: node.id, after: first, entries };
}

export const ATTACKS: readonly Attack[] = [
  ...[true, false].flatMap((isListed): Attack[] => [
    {
      name: 'fabricated scores',
      isListed,
      play(node, _, { effect, count }) {
        for (let i = 0; i < count; i++) node.try(-effect * (i + 1), { n: 1e9, spread: 0 });
        return [node.chain()];
      },
    },
    {
      name: 'a number that no score can have',
      isListed,
      play(node, _, { place }) {
        for (const value of [1e308, -1e308, NaN, Infinity, null, '1', {}, [1]]) {
          const odd = value as number;
          node.try(-place, { score: odd, delta: odd, spread: odd, n: odd, estimate: { measured: { difference: odd, sd: odd } } as never });
        }
        return [node.chain()];
      },
    },
    {
      name: 'records of others, copied',
      isListed,
      play(node, others) {
        node.read(...others);
        for (const other of others) {
          for (const { record } of other.entries) {
            // The word of a listed node counts where it says that it has measured the change of another one.
            if (!('verdict' in record) || (isListed && (record.origin ?? record.key) !== undefined)) continue;
            node.write({ ...record, id: 1000 + node.entries.length });
          }
        }
        return [node.chain()];
      },
    },
    {
      name: 'ledgers of others, under its own name',
      isListed,
      play(node, others) {
        return others.map((other) => ({ ...other.chain(), id: node.id, owner: node.id }));
      },
    },
    {
      name: 'a record many times',
      isListed,
      play(node, _, { effect, count }) {
        const record = node.try(-effect);
        for (let i = 0; i < count; i++) node.write(record);
        return [node.chain()];
      },
    },
    {
      name: 'two histories',
      isListed,
      play(node, _, { effect, place, count }) {
        for (let i = 0; i < count; i++) node.try(-i);
        const at = place % (node.entries.length + 1);
        const other = otherHistory(node, at, [{ kind: 'resumed' }, node.try(-effect)]);
        return [node.chain(), other];
      },
    },
    {
      name: 'records that are none',
      isListed,
      play(node, _, { json, count }) {
        for (let i = 0; i < count; i++) {
          node.write(json as NodeEntry['record']);
          node.write({ kind: 'synced', seen: json } as NodeEntry['record']);
          node.write({ kind: 'audit', audit: json } as NodeEntry['record']);
          node.write({ kind: 'change', id: i, verdict: json, reason: json, title: json } as never);
        }
        return [node.chain()];
      },
    },
    {
      name: 'hostile text everywhere, and very much of it',
      isListed,
      play(node, _, { count }) {
        const text = HOSTILE.repeat(count * 100);
        node.try(-3, { title: text, agent: text, hardware: text, slot: text, key: text, reason: { code: text, text } });
        node.try(-3, { origin: text });
        return [{ ...node.chain(), problems: [] }];
      },
    },
    {
      name: 'a past that nobody has',
      isListed,
      play(node, others, { effect }) {
        node.write({ kind: 'synced', seen: { [others[0]?.id ?? 'a']: commitOf('nothing') } });
        node.try(-effect);
        return [node.chain()];
      },
    },
    {
      name: 'audits of others',
      isListed,
      play(node, others) {
        node.read(...others);
        node.write({ kind: 'audit', audit: { rolledBack: true, anchor: { id: 0 }, final: { id: 1 } } } as NodeEntry['record']);
        return [node.chain()];
      },
    },
    {
      name: 'a long ledger, to be first or last in the order',
      isListed,
      play(node, _, { count }) {
        for (let i = 0; i < 100 * count; i++) node.write({ kind: 'resumed' });
        node.try(-5);
        return [node.chain()];
      },
    },
    {
      name: 'what it found itself, confirmed by itself',
      isListed,
      play(node, _, { effect, count }) {
        const claim = node.try(-effect);
        for (let i = 0; i < count; i++) node.try(-effect, { origin: `${node.id}#${claim.id}` });
        return [node.chain()];
      },
    },
  ]),
  {
    name: 'confirmations of what is not so, and the opposite, by a guest',
    isListed: false,
    play(node, others, { effect, place }) {
      node.read(...others);
      for (const other of others) {
        for (const { id } of keepsOf(other)) node.try(place % 2 === 0 ? effect : -effect, { origin: `${other.id}#${id}` });
      }
      return [node.chain()];
    },
  },
  {
    name: 'ten thousand ledgers',
    isListed: false,
    play(_, __, { effect }) {
      return Array.from({ length: 10_000 }, (___, i) => {
        const one = new TestNode(`x${i}`);
        one.try(-effect);
        return one.chain();
      });
    },
  },
];
