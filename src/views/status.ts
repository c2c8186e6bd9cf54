/** The state of a run: one object for programs, one page for people. */
import type { Belief } from '../experiment.ts';
import type { ChosenPlan } from '../engine/slots/pace.ts';
import type { AuditRecord } from '../ledger/records.ts';
import { NO_REVIEWS, type Reviews } from '../ledger/reviews.ts';
import type { Audit, Noise } from '../plugin.ts';
import type { TrustLevel } from '../trust.ts';
import { countAgents, type AgentCount } from './agents.ts';
import { claimOf, type Claim } from './claim.ts';
import { factsOf } from './headline-facts.ts';
import { headlineOf, type Headline } from './headline.ts';
import { isDrift, rolledBack } from './incumbent-steps.ts';
import { forecast, paceOf, type Forecast, type Limits } from './forecast.ts';
import { lateGainsOf, type LateGains } from './late.ts';
import { countLost, lostText } from './lost.ts';
import { totalsOf, type ScoredRow } from './rank.ts';
import type { ObjectiveView } from './log.ts';
import { countStandings, type StandingCounts } from './reviews.ts';
import type { ProcessState } from './process-state.ts';
import type { Row } from './types.ts';

export interface StatusInput {
  readonly run: string;
  readonly branch: string;
  /** When the run was opened, ISO 8601. */
  readonly openedAt: string;
  readonly objective: ObjectiveView;
  /** How far its number can be trusted; null where the numbers are an imported log's. */
  readonly trust?: TrustLevel | null;
  readonly state: ProcessState;
  /** Every settled experiment, oldest first. */
  readonly rows: readonly Row[];
  /** The audits of the run, oldest first. */
  readonly audits?: readonly AuditRecord[];
  /** What humans decided. */
  readonly reviews?: Reviews;
  /** Metrics that guards of the config protect. */
  readonly guards?: readonly string[];
  /** How many slots are filled, and how much is proposed ahead; null for an imported log. */
  readonly plan?: ChosenPlan | null;
  /** Null while nothing is known of it. */
  readonly noise?: Noise | null;
  /** What the run may use in all; a limit that is not set is absent. */
  readonly budget: Limits;
  /** ISO 8601. */
  readonly now: string;
}

/** What `status --json` prints. Seconds are time spent in experiments; fractions are of the baseline; neither the baseline nor a control is counted. */
export interface Status {
  /** For somebody who has ten seconds. */
  readonly headline: Headline;
  readonly run: string;
  readonly branch: string;
  readonly openedAt: string;
  readonly state: ProcessState;
  readonly objective: ObjectiveView;
  readonly trust: TrustLevel | null;
  readonly experiments: {
    readonly done: number;
    readonly keep: number;
    readonly discard: number;
    readonly crash: number;
    readonly review: number;
    /** Keeps that audits took back; they are among `keep`. */
    readonly rolledBack: number;
    readonly controls: number;
    /** Attempts at trials that were lost with their machine. */
    readonly lost: number;
  };
  readonly agents: readonly AgentCount[];
  /** Slots that are filled and proposals made ahead for each, as the record suggests within the limits of the config. */
  readonly plan: ChosenPlan | null;
  /** Null where no change had another basis than the incumbent it was compared with. */
  readonly late: LateGains | null;
  /** Changes that wait for a human, and those that humans decided on. */
  readonly reviews: StandingCounts;
  /** What was lost with machines, for people; null where nothing was. */
  readonly lost: string | null;
  readonly sinceKeep: number;
  readonly baseline: Point | null;
  readonly incumbent: Point | null;
  /** By the scores of the run itself, among which the lucky ones were chosen. */
  readonly gain: { readonly value: number; readonly fraction: number | null } | null;
  /** The machine or the data changed: `gain` is then what the keeps add up to. */
  readonly drifted: boolean;
  readonly noise: Noise | null;
  /** The estimate of the incumbent's true score. */
  readonly belief: Belief | null;
  /** What the last audit that still stands found, as a gain: positive is better. */
  readonly claim: Claim | null;
  readonly lastAudit: AuditView | null;
  readonly used: { readonly seconds: number; readonly usd: number };
  readonly budget: Limits;
  readonly left: Limits;
  readonly perHour: number | null;
  readonly forecast: Forecast | null;
  /** The last five, oldest first. */
  readonly last: readonly Row[];
  /** Those of `last` that an audit took back. */
  readonly lastRolledBack: readonly number[];
}

/** An audit as it is in the record, without its trials; `after` is the last experiment settled before it. */
export type AuditView = Omit<Audit, 'trials'> & {
  readonly after: number;
  readonly trials: { readonly final: number; readonly anchor: number };
};

export interface Point {
  readonly id: number;
  readonly score: number;
  readonly commit: string | null;
  readonly title: string;
}

export function statusOf(input: StatusInput): Status {
  const { rows, objective, budget, audits = [], noise = null, reviews = NO_REVIEWS } = input;
  const totals = totalsOf(rows, objective.direction, audits);
  const undone = rolledBack(rows, audits);
  const last = rows.slice(-5);
  const pace = paceOf(rows);
  const used = { experiments: totals.experiments, seconds: totals.seconds, usd: totals.usd };
  const left = leftOf(budget, used);
  const standings = countStandings(rows, reviews);
  const claim = claimOf(rows, audits, objective.direction);
  return {
    headline: headlineOf(
      factsOf({ run: input.run, state: input.state, label: objective.label, totals, claim, audits, standings, guards: input.guards ?? [] }),
    ),
    run: input.run,
    branch: input.branch,
    openedAt: input.openedAt,
    state: input.state,
    objective,
    trust: input.trust ?? null,
    experiments: {
      done: totals.experiments,
      ...totals.counts,
      rolledBack: totals.rolledBack,
      controls: totals.controls,
      lost: countLost(rows),
    },
    agents: countAgents(rows),
    plan: input.plan ?? null,
    late: lateGainsOf(rows),
    reviews: standings,
    lost: lostText(rows),
    sinceKeep: totals.sinceKeep,
    baseline: pointOf(totals.baseline),
    incumbent: pointOf(totals.incumbent),
    gain: totals.gain === null ? null : { value: totals.gain, fraction: totals.fraction },
    drifted: totals.hasDrifted,
    noise,
    belief: beliefOf(rows, totals.incumbent),
    claim,
    lastAudit: auditView(audits.at(-1)),
    used: { seconds: used.seconds, usd: used.usd },
    budget,
    left,
    perHour: pace === null || totals.baseline === null ? null : 3600 / pace.seconds,
    forecast:
      input.state.kind === 'stopped' || pace === null ? null : forecast(pace, left, input.state.kind === 'running' ? input.now : null),
    last,
    lastRolledBack: last.map(({ id }) => id).filter((id) => undone.has(id)),
  };
}

/** The gates' estimate of the incumbent, unless it was measured again since. */
function beliefOf(rows: readonly Row[], incumbent: ScoredRow | null): Belief | null {
  const commit = incumbent?.candidate;
  const found = rows.findLast((row) =>
    isDrift(row) ? row.candidate === commit : row.belief && (row.verdict === 'keep' ? row.candidate : row.parent) === commit,
  );
  return found === undefined || isDrift(found) ? null : (found.belief ?? null);
}

function auditView(record: AuditRecord | undefined): AuditView | null {
  if (record === undefined) return null;
  const { trials, ...audit } = record.audit;
  return { ...audit, after: record.after, trials: { final: trials.final.length, anchor: trials.anchor.length } };
}

function leftOf(budget: Limits, used: Required<Limits>): Limits {
  const names = ['experiments', 'seconds', 'usd'] as const;
  return Object.fromEntries(names.flatMap((name) => (budget[name] === undefined ? [] : [[name, Math.max(0, budget[name] - used[name])]])));
}

function pointOf(row: ScoredRow | null): Point | null {
  return row === null ? null : { id: row.id, score: row.score, commit: row.candidate, title: row.title };
}
