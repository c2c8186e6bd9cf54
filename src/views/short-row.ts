/** An experiment as lists and pages show it: one short row, with fields left out that are not there. */
import type { ExperimentKind, Verdict } from '../experiment.ts';

export interface ShortRow {
  readonly id: number;
  readonly kind: ExperimentKind;
  readonly verdict: Verdict;
  /** The reason's code. */
  readonly code: string;
  /** One line of at most 60 characters. */
  readonly title: string;
  readonly score?: number;
  /** Score minus the incumbent's. */
  readonly delta?: number;
  /** The 95 % interval of the effect, in units of the score and with its sign. */
  readonly low?: number;
  readonly high?: number;
  readonly pGain?: number;
  readonly agent: string;
  /** Dollars that all agents asked for it used. */
  readonly cost?: number;
  /** Input and output tokens of them. */
  readonly tokens?: number;
  /** From the start of the proposal to the verdict. */
  readonly seconds: number;
  /** When it was settled: seconds since 1970. */
  readonly at: number;
  readonly slot?: string;
  /** The first 7 digits of the candidate's commit. */
  readonly candidate?: string;
}
