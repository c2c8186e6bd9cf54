import type { NodeId, NodeState, Problem } from './model.ts';
import type { NodeLedger } from './node-ledger.ts';
import type { Trust } from './trust/trust.ts';
import type { SwarmUnion } from './union.ts';

const NOT_ADMITTED: Problem = { code: 'NOT_ADMITTED', text: 'it is not listed, and no listed node has read its ledger yet' };

/** The state of every node, sorted by name. */
export function nodeStates(union: SwarmUnion, trust: Trust, admitted: ReadonlySet<NodeId>): NodeState[] {
  return [...union.ledgers.values()]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((ledger) => {
      const { id, owner, experiments } = ledger;
      const copied = trust.copied.filter(({ node }) => node === id).map((each) => each.id);
      return {
        id,
        owner,
        isListed: union.isListed(id),
        hardware: [...new Set(experiments.map(({ hardware }) => hardware).filter((hardware) => hardware !== ''))],
        experiments: experiments.length,
        keeps: experiments.filter(({ verdict, kind }) => verdict === 'keep' && kind !== 'baseline').length,
        ...trust.standing(id),
        weight: trust.standings.weight(id),
        perHour: perHourOf(ledger),
        problems: [
          ...ledger.problems,
          ...(copied.length > 0
            ? [{ code: 'COPIED', text: `${copied.length} of its commits were another node's before: #${copied[0]}` }]
            : []),
          ...(admitted.has(id) ? [] : [NOT_ADMITTED]),
        ],
      };
    });
}

function perHourOf({ experiments }: NodeLedger): number | null {
  const [first, last] = [experiments[0], experiments.at(-1)];
  const hours = first === undefined || last === undefined ? 0 : (last.at - first.at) / 3600;
  return hours > 0 ? (experiments.length - 1) / hours : null;
}
