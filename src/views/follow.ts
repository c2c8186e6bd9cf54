/** A run's events as lines of text, for `status --follow`: one line for each thing that happens, and one that is live. */
import type { RunEvent, ShortRow, Stage } from '../plugin.ts';
import { formatDelta, formatScore } from '../ledger/message.ts';
import { formatSeconds, formatUsd } from './format.ts';
import { oneLine } from './text.ts';

/** What is done just now, of one slot or of an agent. */
interface Work {
  readonly experiment: number;
  stage: Stage;
  subject: string;
  /** When the stage, or the trial, began: milliseconds. */
  since: number;
  timeoutSeconds?: number;
  point?: string;
}

const PLACE = 'agent';
const WORDS: Readonly<Record<Stage, string>> = {
  propose: 'proposing',
  wait: 'waiting for a service',
  screen: 'looking at the diff',
  train: 'training',
  evaluate: 'evaluating',
  measure: 'measuring',
  judge: 'judging',
};

/** Folds events into what is shown of a run. */
export class FollowView {
  readonly #work = new Map<string, Work>();
  #state = '';
  /** The incumbent, as far as events have said. */
  #best = '';

  /** The line to print for an event; null where it only changes the live one. */
  see(event: RunEvent): string | null {
    const at = Date.parse(event.at);
    switch (event.type) {
      case 'run-started':
        this.#work.clear();
        this.#state = '';
        return `${event.run} ${event.isResumed ? 'goes on' : 'starts'}: ${event.objective.label}, ${event.settled} experiments so far (pid ${event.pid})`;
      case 'run-ended':
        this.#work.clear();
        this.#state = event.outcome;
        return `${event.outcome}: ${event.reason.text} (${event.reason.code})`;
      case 'run-paused':
        this.#state = 'paused';
        return `paused by ${event.by.name}${event.note === '' ? '' : `: ${event.note}`}`;
      case 'run-unpaused':
        this.#state = '';
        return `goes on, by ${event.by.name}`;
      case 'stage-changed':
        this.#begin(event.slot, { experiment: event.experiment, stage: event.stage, subject: event.subject, since: at });
        return null;
      case 'trial-started':
        this.#change(event.slot, { since: at, timeoutSeconds: event.timeoutSeconds });
        return null;
      case 'curve-points': {
        const [share, value] = event.points.at(-1) ?? [];
        if (share !== undefined && value !== undefined)
          this.#change(event.slot, { point: `${event.name} ${formatScore(value)} at ${Math.round(share * 100)} %` });
        return null;
      }
      case 'proposal-finished':
        return event.status === 'proposed' || event.status === 'no-change'
          ? null
          : `#${event.experiment} ${event.agent}: ${event.message ?? event.status}`;
      case 'experiment-committed':
        return event.subject === 'change' ? `#${event.experiment} ${event.agent}: ${event.title}` : null;
      case 'verdict':
        this.#work.delete(event.slot ?? PLACE);
        this.#work.delete(PLACE);
        if (event.row.verdict === 'keep' && event.row.score !== undefined)
          this.#best = `best ${formatScore(event.row.score)} (#${event.row.id})`;
        return verdictLine(event.row);
      case 'audit':
        return `audit of #${event.final} against #${event.anchor}: ${event.text}${event.isRolledBack ? '; rolled back' : ''}`;
      case 'decision':
        return decisionLine(event);
      case 'warning':
        return `warning: ${event.text}`;
      case 'events-lost':
        return `(${event.count} events are not kept)`;
      default:
        return null;
    }
  }

  /** What is done at this moment, in one line; empty where nothing is known. */
  live(now: number): string {
    if (this.#state !== '') return this.#state;
    const parts = [...this.#work].map(([slot, { experiment, stage, subject, since, timeoutSeconds, point }]) => {
      const clock = formatSeconds(Math.max(0, (now - since) / 1000));
      const of = timeoutSeconds === undefined || stage !== 'train' ? '' : ` of at most ${formatSeconds(timeoutSeconds)}`;
      const where = slot === PLACE || slot === 'default' ? '' : ` on ${slot}`;
      const what = subject === 'change' ? '' : ` (${subject})`;
      return `#${experiment} ${WORDS[stage]}${what}${where} ${clock}${of}${point === undefined ? '' : `, ${point}`}`;
    });
    return [...parts, ...(parts.length > 0 && this.#best !== '' ? [this.#best] : [])].join(' · ');
  }

  #begin(slot: string | undefined, work: Work): void {
    // What goes on in a slot has left the agent.
    if (slot !== undefined) this.#work.delete(PLACE);
    this.#work.set(slot ?? PLACE, work);
  }

  #change(slot: string, change: Partial<Work>): void {
    const work = this.#work.get(slot);
    if (work) Object.assign(work, change);
  }
}

function verdictLine({ id, verdict, code, title, score, delta, cost, seconds }: ShortRow): string {
  const figures = score === undefined ? code : `${formatScore(score)}${delta === undefined ? '' : ` (${formatDelta(delta)})`}`;
  return `#${id} ${verdict} ${figures} ${title} [${formatSeconds(seconds)}${cost === undefined ? '' : `, ${formatUsd(cost)}`}]`;
}

function decisionLine({ decision, refused }: Extract<RunEvent, { type: 'decision' }>): string {
  const what = decision.kind === 'review' ? `${decision.decision} #${decision.experiment}` : decision.kind;
  return `${what} by ${decision.by.name}${refused === undefined ? '' : `: refused, ${refused.text}`}`;
}

/** A line of texts that come from models and programs, safe for a terminal. */
export function followLine(text: string, at: string): string {
  return `${at.slice(11, 19)} ${oneLine(text)}`;
}
