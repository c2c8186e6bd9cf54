/** Nights with agents whose luck is known: only the plugin is real, and it sees nothing but the history. */
import { describe, expect, it } from 'vitest';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { createGenerator } from '../../../src/stats.ts';
import { makeBrief, makeContext, makeRunView, makeSummary } from '../../../src/testing.ts';
import portfolio from './index.ts';

interface Luck {
  readonly rate: number;
  readonly gain?: number;
  readonly usd?: number;
}
/** What an agent is like in an experiment, and the how manyth of its own that is. */
type Agent = (experiment: number, asked: number) => Luck;

const NIGHTS = 30;
const DEFAULTS = { agents: [], halfLife: portfolio.schema.properties.halfLife.default };

/** The agent that was asked first, for each experiment. */
function night(agents: Readonly<Record<string, Agent>>, seed: number, experiments: number, budget: RunView['budget'] = { experiments }) {
  const role = portfolio.create(DEFAULTS, makeContext());
  const luck = createGenerator(seed, 1);
  const history: Summary[] = [];
  const brief = makeBrief({ run: { ...makeRunView({ budget }), history } });
  const asked: string[] = [];
  for (let id = 1; id <= experiments; id += 1) {
    const [agent = ''] = role.order(Object.keys(agents), { ...brief, id, seed: seed * 1_000_003 + id });
    asked.push(agent);
    const { rate, gain = 0.01, usd } = agents[agent]?.(id, asked.filter((name) => name === agent).length) ?? { rate: 0 };
    const isKept = luck.unit() < rate;
    // Gains differ widely: most are small.
    const size = -gain * Math.log(1 - luck.unit());
    const verdict = isKept ? 'keep' : 'discard';
    const cost = usd === undefined ? {} : { usd };
    history.push(makeSummary({ id, agent, verdict, delta: isKept ? -size : size, seconds: 300, reason: { code: 'X', text: '' }, ...cost }));
  }
  return asked;
}

/** The mean share of an agent in the experiments from one on, over some nights. */
function shareOf(
  name: string,
  agents: Readonly<Record<string, Agent>>,
  { experiments = 300, from = 0, budget }: { experiments?: number; from?: number; budget?: RunView['budget'] } = {},
): number {
  const shares = Array.from({ length: NIGHTS }, (_, seed) => {
    const asked = night(agents, seed, experiments, budget).slice(from);
    return asked.filter((agent) => agent === name).length / asked.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / NIGHTS;
}

const always =
  (luck: Luck): Agent =>
  () =>
    luck;

describe('in a night of 300 experiments', () => {
  it('the agent that keeps three times as often gets at least two thirds', () => {
    expect(shareOf('good', { good: always({ rate: 0.3 }), poor: always({ rate: 0.1 }) })).toBeGreaterThan(2 / 3);
    expect(shareOf('good', { poor: always({ rate: 0.1 }), good: always({ rate: 0.3 }) })).toBeGreaterThan(2 / 3);
  });

  it('agents that are equal get equal shares', () => {
    const share = shareOf('a', { a: always({ rate: 0.2 }), b: always({ rate: 0.2 }) });
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it('the agent that gains three times as much with a keep gets more', () => {
    expect(shareOf('large', { large: always({ rate: 0.2, gain: 0.03 }), small: always({ rate: 0.2 }) })).toBeGreaterThan(0.6);
  });

  it('of two that gain the same the cheap one is asked, where dollars are limited, and only there', () => {
    const agents = { cheap: always({ rate: 0.2, usd: 0.1 }), dear: always({ rate: 0.2, usd: 1 }) };
    expect(shareOf('cheap', agents, { budget: { experiments: 300, usd: 100 } })).toBeGreaterThan(0.75);
    const unlimited = shareOf('cheap', agents);
    expect(unlimited).toBeGreaterThan(0.4);
    expect(unlimited).toBeLessThan(0.6);
  });

  it('a bad start is made good', () => {
    const unlucky: Agent = (_, asked) => ({ rate: asked <= 5 ? 0 : 0.3 });
    expect(shareOf('good', { good: unlucky, poor: always({ rate: 0.1 }) }, { from: 100 })).toBeGreaterThan(2 / 3);
  });

  it('the shares turn when the good one goes dry', () => {
    const agents = { early: ((id) => ({ rate: id <= 150 ? 0.3 : 0 })) satisfies Agent, steady: always({ rate: 0.1 }) };
    expect(shareOf('early', agents, { experiments: 150 })).toBeGreaterThan(2 / 3);
    expect(shareOf('steady', agents, { from: 225 })).toBeGreaterThan(0.6);
  });

  it('of five the best one is asked most, and each of the others now and then', () => {
    const rates = { a: 0.1, b: 0.1, c: 0.3, d: 0.1, e: 0.1 };
    const agents = Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, always({ rate })]));
    expect(shareOf('c', agents)).toBeGreaterThan(0.45);
    for (const name of ['a', 'b', 'd', 'e']) expect(shareOf(name, agents)).toBeGreaterThan(0.03);
  });
});
