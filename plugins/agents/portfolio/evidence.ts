import { foldHistory, gain, type Direction, type RunView, type Summary } from '../../../src/plugin.ts';

/** What is known of one agent; older experiments count less, so these are no whole numbers. */
export interface Evidence {
  /** Experiments in which it was asked, and had a proposal or failed. */
  readonly asked: number;
  readonly keeps: number;
  /** All that its keeps gained, in units of the score. */
  readonly gained: number;
  readonly seconds: number;
  readonly usd: number;
}

export const NOTHING: Evidence = { asked: 0, keeps: 0, gained: 0, seconds: 0, usd: 0 };

/** An agent without ideas may have some again for another incumbent, and a busy service says nothing about its agent. */
const BLAMELESS = new Set(['exhausted', 'rate-limit', 'overloaded', 'network']);

type ByAgent = ReadonlyMap<string, Evidence>;

/** What the run's history shows of each agent that proposed something, by its name. */
export function createMemory(halfLife: number): (run: RunView) => ByAgent {
  const fade = 0.5 ** (1 / halfLife);
  const fold = foldHistory<{ readonly direction: Direction; readonly byAgent: ByAgent }>({
    start: (run) => ({ direction: run.objective.direction, byAgent: new Map() }),
    follow: ({ direction, byAgent }, summary) => {
      const seen = shownBy(summary, direction);
      if (seen.length === 0) return { direction, byAgent };
      const faded = [...byAgent].map(([agent, evidence]) => [agent, times(evidence, fade)] as const);
      return { direction, byAgent: seen.reduce(add, new Map(faded)) };
    },
  });
  return (run) => fold(run).byAgent;
}

type Shown = readonly [agent: string, evidence: Evidence];

/** What the engine proposes belongs to no agent. Agents that failed before another one proposed bear their own costs. */
function shownBy({ kind, agent, declined = [], reason, ...summary }: Summary, direction: Direction): readonly Shown[] {
  if (kind !== 'change' || agent === 'engine') return [];
  const failures = declined.map(({ agent: name, kind, seconds, usage }): Shown => {
    const asked = BLAMELESS.has(kind) ? 0 : 1;
    return [name, { ...NOTHING, asked, seconds, usd: usage?.usd ?? 0 }];
  });
  if (reason.code === 'NO_PROPOSAL' && failures.length > 0) return failures;
  const others = failures.map(([, evidence]) => evidence).reduce(sum, NOTHING);
  // A change that waits for a human has passed every other gate.
  const isGood = summary.verdict === 'keep' || summary.verdict === 'review';
  const own: Evidence = {
    asked: 1,
    keeps: isGood ? 1 : 0,
    gained: isGood ? gainOf(summary, direction) : 0,
    seconds: Math.max(0, summary.seconds - others.seconds),
    usd: Math.max(0, (summary.usd ?? 0) - others.usd),
  };
  return [...failures, [agent, own]];
}

/** The estimate of a gate if there is one, because the score of a keep is too optimistic; else the measured gain. */
function gainOf({ estimate, delta }: Pick<Summary, 'estimate' | 'delta'>, direction: Direction): number {
  return Math.max(0, gain(estimate?.effect ?? delta ?? 0, 0, direction));
}

function add(byAgent: Map<string, Evidence>, [agent, evidence]: Shown): Map<string, Evidence> {
  return byAgent.set(agent, sum(byAgent.get(agent) ?? NOTHING, evidence));
}

export function sum(a: Evidence, b: Evidence): Evidence {
  return {
    asked: a.asked + b.asked,
    keeps: a.keeps + b.keeps,
    gained: a.gained + b.gained,
    seconds: a.seconds + b.seconds,
    usd: a.usd + b.usd,
  };
}

function times({ asked, keeps, gained, seconds, usd }: Evidence, factor: number): Evidence {
  return { asked: asked * factor, keeps: keeps * factor, gained: gained * factor, seconds: seconds * factor, usd: usd * factor };
}
