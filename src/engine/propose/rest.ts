import type { AgentFailure } from '../../plugin.ts';

/** An agent whose model service is unavailable for a while. */
export interface Rest {
  /** When it may be asked again. Milliseconds of `performance.now()`: no change of the machine's clock makes it wait longer. */
  readonly until: number;
  /** How often in a row it has had to rest. */
  readonly times: number;
  /** The experiment it was asked for last. */
  readonly experiment: number;
}

/** The most rests in a row that are waited for; if other agents have proposals, it is asked again all the same. */
export const MOST_RESTS = 8;
const FIRST_MS = 30_000;
const LONGEST_MS = 15 * 60_000;
/** The limits of some services last for hours, and the service says how long. */
const LONGEST_NAMED_MS = 6 * 60 * 60_000;

/** As long as the service says, else twice as long each time. The spread keeps many runs from coming back at the same moment. */
export function restAfter({ retryAfterMs }: AgentFailure, experiment: number, times: number): Rest {
  const grown = Math.min(LONGEST_MS, FIRST_MS * 2 ** times * (0.75 + Math.random() / 2));
  const ms = Math.min(LONGEST_NAMED_MS, retryAfterMs ?? grown);
  return { until: performance.now() + ms, times: times + 1, experiment };
}
