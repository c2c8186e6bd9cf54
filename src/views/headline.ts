/** What a run comes to, for somebody who has ten seconds: the gain as audited, the guards, what to decide, what to type. */
import { formatNumber, formatPercent, plural } from './format.ts';

export interface HeadlineFacts {
  readonly run: string;
  readonly label: string;
  readonly state: 'running' | 'stopped' | 'interrupted' | 'failed';
  /** Why it ended, as a code; empty while it runs. */
  readonly code: string;
  /** Null while nothing is measured. */
  readonly baseline: number | null;
  /** By the scores of the run itself; positive is better. */
  readonly gain: number | null;
  readonly experiments: number;
  /** Keeps that stand; those that audits took back are not among them. */
  readonly kept: number;
  readonly rolledBack: number;
  readonly incumbent: number | null;
  /** The last audit that found something and stands: the gain it found, and up to which experiment. */
  readonly audit: { readonly value: number; readonly shown: 'gain' | 'none' | 'loss'; readonly to: number } | null;
  /** Guards that failed in that audit; null where there is none. */
  readonly failures: readonly string[] | null;
  /** Guards that failed in an audit that took keeps back. */
  readonly takenBackFor: readonly string[];
  /** Names of the guards of the config. */
  readonly guards: readonly string[];
  /** Changes that wait for a human, and those that one has approved. */
  readonly waiting: number;
  readonly approved: number;
}

export interface Headline {
  readonly tone: 'good' | 'open' | 'bad';
  /** One sentence with the one figure. */
  readonly result: string;
  readonly guards: string;
  readonly decide: string;
  readonly next: string;
}

export function headlineOf(facts: HeadlineFacts): Headline {
  return { ...resultOf(facts), guards: guardsOf(facts), decide: decisionOf(facts), next: `autoresearch ${nextOf(facts)}` };
}

function resultOf(facts: HeadlineFacts): Pick<Headline, 'tone' | 'result'> {
  const { label, baseline, state, gain, experiments, kept, rolledBack, audit, incumbent } = facts;
  if (baseline === null) {
    if (state === 'running') return { tone: 'open', result: 'the baseline is being measured' };
    const why = hasFailed(facts) ? 'the baseline failed' : 'the run ended before its baseline was done';
    return { tone: experiments > 0 ? 'open' : 'bad', result: `nothing was measured: ${why}` };
  }
  if (kept === 0) {
    if (rolledBack > 0) return { tone: 'bad', result: `no gain is left: an audit took back ${plural(rolledBack, 'kept change')}` };
    const tried = `${plural(experiments, 'experiment')} brought nothing better than the baseline`;
    return {
      tone: 'open',
      result: experiments === 0 ? 'the baseline is measured, and no experiment is done yet' : `no improvement of ${label}: ${tried}`,
    };
  }
  if (audit === null) return { tone: 'open', result: `${label} looks ${amount(gain ?? 0, baseline)} better; that is not audited` };
  const later = incumbent !== null && incumbent > audit.to ? `, up to #${audit.to}; what was kept later is not audited` : '';
  if (audit.shown === 'none') return { tone: 'bad', result: `no gain shown: the audit cannot tell ${label} from the baseline's${later}` };
  const better = audit.shown === 'gain';
  return {
    tone: better ? 'good' : 'bad',
    result: `${label} is ${amount(Math.abs(audit.value), baseline)} ${better ? 'better' : 'worse'}, as audited${later}`,
  };
}

/** Of a baseline of 0 there is no share. */
function amount(value: number, baseline: number): string {
  return baseline === 0 ? formatNumber(value, 4) : formatPercent(value / Math.abs(baseline));
}

function guardsOf(facts: HeadlineFacts): string {
  const { takenBackFor, rolledBack } = facts;
  const back = takenBackFor.length === 0 ? '' : `; ${plural(rolledBack, 'kept change')} taken back: ${takenBackFor.join('; ')}`;
  return `${standingGuards(facts)}${back}`;
}

function standingGuards({ guards, failures, kept }: HeadlineFacts): string {
  if (failures !== null && failures.length > 0) return `failed in the audit: ${failures.join('; ')}`;
  if (guards.length === 0) return 'none are set';
  const names = guards.join(', ');
  if (failures !== null) return `held in the audit: ${names}`;
  return kept === 0 ? `nothing was kept that they could object to: ${names}` : `held for each kept change, not audited: ${names}`;
}

function decisionOf(facts: HeadlineFacts): string {
  const { waiting, approved, kept, audit, state } = facts;
  if (hasFailed(facts)) return `nothing; correct what failed: its output is in .autoresearch/${facts.run}/`;
  if (waiting > 0) return `${plural(waiting, 'change')} ${waiting === 1 ? 'waits' : 'wait'} for approval`;
  if (state === 'running') return 'nothing yet';
  if (kept === 0) return 'nothing';
  if (approved > 0) return `whether to promote ${plural(approved, 'approved change')}`;
  if (audit !== null && audit.shown !== 'gain') return `nothing: ${plural(kept, 'kept change')} without a gain that is shown`;
  return `whether to take over ${plural(kept, 'kept change')}`;
}

function nextOf(facts: HeadlineFacts): string {
  const { run, state, waiting, approved, kept, audit, baseline } = facts;
  // A plain `check` runs nothing, and would find that everything is in order.
  if (hasFailed(facts)) return 'check --measure';
  if (baseline === null && state !== 'running') return `resume ${run}`;
  if (waiting > 0) return `review ${run}`;
  if (state === 'running') return `log ${run}`;
  if (state !== 'stopped') return `resume ${run}`;
  if (kept === 0 || (audit !== null && audit.shown !== 'gain')) return `report ${run}`;
  return approved > 0 ? `promote ${run}` : `review ${run}`;
}

/** Did the baseline fail, rather than never come to its end? */
function hasFailed({ code }: HeadlineFacts): boolean {
  return code === 'BASELINE_FAILED';
}

/** The gates of a config that protect a metric, by that metric's name. */
export function guardNames(
  gates: readonly { readonly use: string; readonly with?: Readonly<Record<string, unknown>> | undefined }[],
): string[] {
  return gates
    .filter(({ use }) => use === 'guardrail')
    .map((gate) => (typeof gate.with?.['metric'] === 'string' ? gate.with['metric'] : 'guardrail'));
}
