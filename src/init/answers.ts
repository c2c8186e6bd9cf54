import type { AgentChoice } from './agents.ts';
import type { Metric } from './figures.ts';

/** Everything that `init` has to know, from what it found, from flags and from the person. */
export interface Answers {
  readonly run: readonly string[];
  readonly shell: boolean;
  readonly edit: readonly string[];
  readonly metric: Metric;
  readonly agent: AgentChoice;
  /** Run before each trial; a line for a shell. */
  readonly tests: string | null;
  readonly link: readonly string[];
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly outputs: readonly string[];
  readonly timeout: string;
  readonly experiments: number;
  readonly time: string;
}
