import type { Audit, RunEnd, RunView, Summary } from '../../../src/plugin.ts';
import { plain } from '../_delivery/facts.ts';

type Level = 'notice' | 'warning' | 'error';

/** A command to the runner that shows a message on the page of the job. https://docs.github.com/actions/reference/workflow-commands */
function annotation(level: Level, title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}\n`;
}

const LEVELS: Record<Summary['verdict'], Level> = { keep: 'notice', discard: 'notice', review: 'warning', crash: 'warning' };
const WORDS: Record<Summary['verdict'], string> = { keep: 'kept', discard: 'discarded', review: 'waits for a decision', crash: 'crashed' };

export function experimentNote(run: RunView, { id, verdict, title, score, delta, reason }: Summary): string {
  const figures =
    score === null
      ? plain(reason.text)
      : `${run.objective.label} ${figure(score)}${delta === null ? '' : ` (${delta > 0 ? '+' : ''}${figure(delta)})`}`;
  return annotation(LEVELS[verdict], `${run.name} #${id} ${WORDS[verdict]}`, `${plain(title)}: ${figures}`);
}

export function auditNote(run: RunView, { final, text, rolledBack }: Audit): string {
  return annotation(rolledBack ? 'warning' : 'notice', `${run.name}: audit of #${final.id}`, plain(text));
}

export function endNote(run: RunView, { outcome, reason }: RunEnd): string {
  return annotation(outcome === 'failed' ? 'error' : 'notice', `${run.name} ${outcome}`, plain(reason.text));
}

export function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** What could end the message, or begin another command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
