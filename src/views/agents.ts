import { gain, type Direction, type SettledExperiment, type Usage } from '../experiment.ts';
import type { RankedKeep } from './rank.ts';
import type { Row } from './types.ts';

/** What one agent has gained, and how well it predicted that. */
export interface AgentTally {
  readonly agent: string;
  readonly experiments: number;
  readonly keeps: number;
  readonly crashes: number;
  /** Proposals without anything to measure. */
  readonly empty: number;
  /** Changes that crashed, went back to it and then ran. */
  readonly mended: number;
  /** The gain of its keeps that were not rolled back. */
  readonly gained: number;
  /** Also what it used where it then had no proposal. */
  readonly tokens: number;
  readonly usd: number;
  /** Of the changes whose effect it predicted and that were measured. Gains are positive. */
  readonly predicted: {
    readonly count: number;
    readonly meanExpected: number;
    readonly meanMeasured: number;
    /** How many went the way it said. */
    readonly right: number;
  } | null;
  /** Of the changes for which it said how sure it was of a gain. */
  readonly confidence: { readonly count: number; readonly mean: number; readonly keptShare: number } | null;
}

/** How many experiments each agent had, in the order of their first one. */
export interface AgentCount {
  readonly agent: string;
  readonly experiments: number;
  readonly keeps: number;
}

export function countAgents(rows: readonly Row[]): AgentCount[] {
  const agents = Map.groupBy(
    rows.filter(({ kind }) => kind === 'change'),
    ({ agent }) => agent,
  );
  return [...agents].map(([agent, list]) => ({
    agent,
    experiments: list.length,
    keeps: list.filter(({ verdict }) => verdict === 'keep').length,
  }));
}

/** One line for each agent that was asked, the one with the most experiments first. */
export function tallyAgents(
  experiments: readonly SettledExperiment[],
  direction: Direction,
  keeps: readonly RankedKeep[] = [],
): AgentTally[] {
  const proposed = experiments.filter(({ proposal }) => proposal.source !== 'engine');
  const used = usageByAgent(proposed);
  const agents = Map.groupBy(proposed, ({ proposal }) => proposal.agent);
  for (const agent of used.keys()) if (!agents.has(agent)) agents.set(agent, []);
  return [...agents]
    .map(([agent, list]) => ({
      ...tally(agent, list, direction),
      ...(used.get(agent) ?? NONE),
      gained: keeps.reduce((sum, { row, worth }) => sum + (row.agent === agent ? worth : 0), 0),
    }))
    .toSorted((a, b) => b.experiments - a.experiments);
}

type Used = Pick<AgentTally, 'tokens' | 'usd'>;
const NONE: Used = { tokens: 0, usd: 0 };

/** A proposal's usage includes that of agents that were asked before and failed: it is counted for those agents. */
function usageByAgent(proposed: readonly SettledExperiment[]): ReadonlyMap<string, Used> {
  const byAgent = new Map<string, Used>();
  const book = (agent: string, usage: Usage | undefined, sign: 1 | -1) => {
    const { tokens, usd } = byAgent.get(agent) ?? NONE;
    const more = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
    byAgent.set(agent, { tokens: tokens + sign * more, usd: usd + sign * (usage?.usd ?? 0) });
  };
  for (const { proposal } of proposed) {
    book(proposal.agent, proposal.usage, 1);
    for (const { agent, usage } of proposal.declined ?? []) {
      book(proposal.agent, usage, -1);
      book(agent, usage, 1);
    }
  }
  return byAgent;
}

function tally(agent: string, list: readonly SettledExperiment[], direction: Direction): Omit<AgentTally, keyof Used | 'gained'> {
  const count = (fits: (experiment: SettledExperiment) => boolean) => list.filter(fits).length;
  return {
    agent,
    experiments: list.length,
    keeps: count(({ verdict }) => verdict === 'keep'),
    crashes: count(({ verdict }) => verdict === 'crash'),
    empty: count(({ candidate }) => candidate === null),
    mended: count(({ crashed = [], verdict }) => crashed.length > 0 && verdict !== 'crash'),
    predicted: predictedOf(list, direction),
    confidence: confidenceOf(list),
  };
}

function predictedOf(list: readonly SettledExperiment[], direction: Direction): AgentTally['predicted'] {
  const pairs = list.flatMap(({ proposal: { expected }, delta }) =>
    expected?.delta === undefined || delta === null
      ? []
      : [{ expected: gain(expected.delta, 0, direction), measured: gain(delta, 0, direction) }],
  );
  if (pairs.length === 0) return null;
  const mean = (of: (pair: (typeof pairs)[number]) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  return {
    count: pairs.length,
    meanExpected: mean(({ expected }) => expected),
    meanMeasured: mean(({ measured }) => measured),
    right: pairs.filter(({ expected, measured }) => Math.sign(expected) === Math.sign(measured)).length,
  };
}

/** Only what was measured counts: how sure an agent is of a gain says nothing of a crash. */
function confidenceOf(list: readonly SettledExperiment[]): AgentTally['confidence'] {
  const sure = list.flatMap(({ proposal: { expected }, score, verdict }) =>
    expected?.confidence === undefined || score === null ? [] : [{ confidence: expected.confidence, isKept: verdict === 'keep' }],
  );
  if (sure.length === 0) return null;
  return {
    count: sure.length,
    mean: sure.reduce((sum, { confidence }) => sum + confidence, 0) / sure.length,
    keptShare: sure.filter(({ isKept }) => isKept).length / sure.length,
  };
}
