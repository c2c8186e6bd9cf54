/** What nights of swarms came to, and what must hold of them. */
import type { Check } from '../decisions/checks.ts';
import { HOURS, type SwarmTally } from './simulate.ts';

export interface Played {
  readonly nodes: number;
  readonly talk: boolean;
  readonly survive: number;
  readonly tally: SwarmTally;
}

interface Mean {
  readonly mean: number;
  readonly error: number;
}

/** Claim minus truth after the audit, in sigma. */
const HONEST = 0.3;
/** From so many nodes on a swarm must be worth it. */
const LEAST_NODES = 4;
/** Room for chance, in standard errors. */
const ERRORS = 2;

function meanOf(n: number, sum: number, squares: number): Mean {
  return { mean: sum / n, error: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / Math.max(1, n - 1)) };
}

export const gainOf = ({ nights, gain, gain2 }: SwarmTally): Mean => meanOf(nights, gain, gain2);
const biasOf = ({ nights, bias, bias2 }: SwarmTally): Mean => meanOf(nights, bias, bias2);
const beliefOf = ({ nights, belief, belief2 }: SwarmTally): Mean => meanOf(nights, belief, belief2);

export function checksOfSwarm(played: readonly Played[]): Check[] {
  const swarms = played.filter(({ talk, nodes }) => talk && nodes >= LEAST_NODES);
  const all = played.filter(({ talk }) => talk).reduce((sum, { tally }) => ({ n: sum.n + tally.nights, bias: sum.bias + tally.bias, bias2: sum.bias2 + tally.bias2 }), { n: 0, bias: 0, bias2: 0 }); // prettier-ignore
  const bias = meanOf(all.n, all.bias, all.bias2);
  return [
    ...swarms.flatMap(({ nodes, survive, tally }): Check[] => {
      const alone = played.find((each) => !each.talk && each.nodes === nodes);
      if (alone === undefined) return [];
      const [with_, without] = [gainOf(tally), gainOf(alone.tally)];
      const found = `${perHour(with_)} against ${perHour(without)} sigma an hour`;
      return [{ what: `${nodes} nodes, ${survive} survive: more than without talking`, found, holds: with_.mean > without.mean }];
    }),
    {
      what: 'claim minus truth after the audit, sigma',
      found: `${bias.mean.toFixed(2)} (+- ${bias.error.toFixed(2)}), at most ${HONEST} either way`,
      holds: Math.abs(bias.mean) - ERRORS * bias.error <= HONEST,
    },
  ];
}

export function tableOfSwarm(played: readonly Played[], counts: readonly number[]): string {
  const line = (name: string, of: (nodes: number) => string) =>
    `${name.padEnd(50)}${counts.map((nodes) => of(nodes).padStart(16)).join('')}`;
  const find = (nodes: number, talk: boolean, survive: number) =>
    played.find((each) => each.nodes === nodes && each.talk === talk && each.survive === survive)?.tally;
  const show = (tally: SwarmTally | undefined, of: (tally: SwarmTally) => string) => (tally === undefined ? '-' : of(tally));
  const survives = [...new Set(played.filter(({ talk }) => talk).map(({ survive }) => survive))];
  return [
    line('', (nodes) => `k=${nodes}`),
    line('best of k nodes that do not talk, sigma an hour', (nodes) => show(find(nodes, false, 1), (tally) => perHour(gainOf(tally)))),
    ...survives.flatMap((survive) => [
      line(`swarm, ${survive} of changes survive a move`, (nodes) => show(find(nodes, true, survive), (tally) => perHour(gainOf(tally)))),
      line('  experiments a night, of other nodes', (nodes) => show(find(nodes, true, survive), share)),
      line('  believed before the audit minus truth, sigma', (nodes) =>
        show(find(nodes, true, survive), (tally) => withError(beliefOf(tally))),
      ),
      line('  claim after the audit minus truth, sigma', (nodes) => show(find(nodes, true, survive), (tally) => withError(biasOf(tally)))),
    ]),
  ].join('\n');
}

const share = ({ tried, offered, nights }: SwarmTally) => `${(tried / nights).toFixed(0)}, ${((100 * offered) / tried).toFixed(0)} %`;
const withError = ({ mean, error }: Mean) => `${mean.toFixed(1)} +- ${error.toFixed(1)}`;
const perHour = ({ mean, error }: Mean) => `${(mean / HOURS).toFixed(2)} +- ${(error / HOURS).toFixed(2)}`;
