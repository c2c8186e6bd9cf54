import { gain, type Direction, type SettledExperiment } from '../experiment.ts';

/** What one agent has brought, and how well it knew. */
export interface AgentTally {
  readonly agent: string;
  readonly experiments: number;
  readonly keeps: number;
  readonly crashes: number;
  /** Proposals that came to nothing to measure. */
  readonly empty: number;
  /** Changes that crashed, went back to it and then ran. */
  readonly mended: number;
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

/** One line for each agent that proposed anything, the one with the most experiments first. */
export function tallyAgents(experiments: readonly SettledExperiment[], direction: Direction): AgentTally[] {
  const proposed = experiments.filter(({ proposal }) => proposal.source !== 'engine');
  const agents = Map.groupBy(proposed, ({ proposal }) => proposal.agent);
  return [...agents].map(([agent, list]) => tally(agent, list, direction)).toSorted((a, b) => b.experiments - a.experiments);
}

function tally(agent: string, list: readonly SettledExperiment[], direction: Direction): AgentTally {
  const count = (fits: (experiment: SettledExperiment) => boolean) => list.filter(fits).length;
  const sum = (of: (experiment: SettledExperiment) => number) => list.reduce((total, experiment) => total + of(experiment), 0);
  return {
    agent,
    experiments: list.length,
    keeps: count(({ verdict }) => verdict === 'keep'),
    crashes: count(({ verdict }) => verdict === 'crash'),
    empty: count(({ candidate }) => candidate === null),
    mended: count(({ crashed = [], verdict }) => crashed.length > 0 && verdict !== 'crash'),
    tokens: sum(({ proposal: { usage } }) => (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)),
    usd: sum(({ proposal: { usage } }) => usage?.usd ?? 0),
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
