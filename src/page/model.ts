/** What the page shows, as plain JSON: the server sends it part by part, a report has all of it inside. */
import type { Reason } from '../experiment.ts';
import type { Standing } from '../ledger/reviews.ts';
import type { SwarmOverview } from '../swarm/overview.ts';
import type { AgentTally } from '../views/agents.ts';
import type { Forecast, Limits } from '../views/forecast.ts';
import type { Headline } from '../views/headline.ts';
import type { ObjectiveView } from '../views/log.ts';
import type { ParetoMetric } from '../views/pareto.ts';
import type { ShortRow } from '../views/short-row.ts';
import type { Point } from '../views/status.ts';
import type { Timeline } from './timeline-model.ts';

/** One experiment of the list. Absent fields are those that say nothing. */
export interface PageRow extends Omit<ShortRow, 'at'> {
  readonly at?: number;
  /** A keep that an audit took back. */
  readonly undone?: true;
  /** A control that is further off than noise explains. */
  readonly drift?: true;
  readonly standing?: Standing;
  /** Trials that the score rests on. */
  readonly n?: number;
}

/** From the experiment `after` on, experiment `id` was the incumbent at this score; by a rollback it is between two. */
export interface PageStep {
  readonly after: number;
  readonly id: number;
  readonly score: number;
  readonly isRollback: boolean;
}

/** Where an audit found the incumbent, on the scale of the scores. */
export interface PageLevel {
  readonly after: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly isRolledBack: boolean;
  readonly text: string;
}

/** The state of a run as the page names it. */
export type PageState =
  | { readonly kind: 'running' | 'paused'; readonly pid: number }
  | { readonly kind: 'stopped'; readonly reason: Reason }
  | { readonly kind: 'interrupted' };

/** The first thing a reader sees. */
export interface PageHead {
  readonly run: string;
  readonly branch: string;
  /** What the project is, in the first words of its program. */
  readonly project: string;
  readonly objective: ObjectiveView;
  readonly state: PageState;
  readonly brief: Headline;
  /** The audited gain with its interval, in words; empty before the first audit. */
  readonly claim: string;
  readonly claimShown: 'gain' | 'none' | 'loss' | null;
  readonly baseline: Point | null;
  readonly incumbent: Point | null;
  /** By the scores of the run itself. */
  readonly gain: { readonly value: number; readonly fraction: number | null } | null;
  /** The estimate of the incumbent's true score: mean and standard deviation. */
  readonly belief: { readonly mean: number; readonly sd: number } | null;
  /** Standard deviation of one trial while nothing is changed. */
  readonly sigma: number | null;
  readonly decimals: number;
  /** Of estimates, whose intervals may be finer than the scores. */
  readonly digits: number;
  readonly used: Required<Limits>;
  /** Has any agent said what it costs? Without that, 0 dollars means unknown. */
  readonly isCostKnown: boolean;
  readonly budget: Limits;
  readonly forecast: Forecast | null;
  readonly stats: readonly (readonly [name: string, text: string])[];
  readonly notes: readonly string[];
  /** Of the swarm that works on this run; 0 where there is none. */
  readonly nodes: number;
  readonly waiting: number;
  readonly total: number;
  readonly course: readonly PageStep[];
  readonly levels: readonly PageLevel[];
  readonly openedAt: string;
  /** When this was read, ISO 8601. */
  readonly at: string;
}

export interface RankedItem {
  readonly row: PageRow;
  readonly rank: number;
  /** What it is ranked by; positive is better. */
  readonly worth: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly raw: number;
  readonly fraction: number | null;
  readonly cumulative: number | null;
}

export interface Ranked {
  readonly keeps: readonly RankedItem[];
  readonly rolledBack: readonly number[];
}

/** A change that a person decides on, with what they need to do so. */
export interface DecideItem {
  readonly row: PageRow;
  readonly isParked: boolean;
  readonly standing: Standing;
  readonly gain: string;
  readonly hypothesis: string;
  readonly rationale: string;
  readonly risks: readonly string[];
  readonly reason: string;
  /** Oldest first. */
  readonly decisions: readonly PageDecision[];
}

export interface PageDecision {
  readonly standing: Standing;
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

export interface Decide {
  /** What waits comes first. */
  readonly items: readonly DecideItem[];
  readonly promotions: readonly { readonly branch: string; readonly text: string }[];
}

export interface PageAudit {
  readonly text: string;
  readonly shown: 'gain' | 'none' | 'loss';
  readonly at: string;
  readonly after: number;
  readonly claim: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly raw: number;
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly isBad: boolean;
}

export interface Compromises {
  readonly metrics: readonly ParetoMetric[];
  /** Best in the first metric first. */
  readonly front: readonly { readonly row: PageRow; readonly values: readonly number[] }[];
  /** Of the others, by the first two metrics. */
  readonly others: readonly (readonly [number, number])[];
}

/** The values that experiments gave one parameter. */
export interface ParameterPath {
  readonly name: string;
  /** The share of the scores' variance that its value alone explains, 0 to 1; null with too few values. */
  readonly importance: number | null;
  readonly points: readonly (readonly [id: number, value: string | number | boolean, score: number | null, isKept: boolean])[];
}

export interface Setup {
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly plugins: readonly (readonly [kind: string, name: string, version: string, from: string])[];
  readonly config: string;
}

/** The parts that are only asked for when they are looked at. */
export interface PageSections {
  readonly ranked: Ranked;
  readonly decide: Decide;
  readonly audits: readonly PageAudit[];
  readonly agents: readonly AgentTally[];
  readonly compromises: Compromises | null;
  readonly parameters: readonly ParameterPath[];
  /** Null where nothing was run, as of an imported log. */
  readonly slots: Timeline | null;
  readonly setup: Setup;
  /** Null where the run is on one machine. */
  readonly nodes: SwarmOverview | null;
}
export type SectionName = keyof PageSections;
