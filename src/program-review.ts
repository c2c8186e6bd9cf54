import { InvalidArgumentError } from 'commander';
import type { AddCommand } from './program.ts';

export interface ReviewFlags {
  readonly approve?: readonly number[];
  readonly reject?: readonly number[];
  readonly ask?: readonly number[];
  readonly note?: string;
  readonly as?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Commands for the human's part: what was found is decided on and handed on. */
export function addReviewCommands(command: AddCommand): void {
  command(
    'review [run]',
    'decide on what was kept and what is parked: approve, reject, or ask',
    async (run: string | undefined, flags: ReviewFlags) => (await import('./commands/review.ts')).review(run, flags),
  )
    .option('--approve <ids>', 'approve these experiments, such as 12,15', experimentIds)
    .option('--reject <ids>', 'reject these', experimentIds)
    .option('--ask <ids>', 'put the question of --note about these', experimentIds)
    .option('--note <text>', 'why, or the question')
    .option('--as <name>', 'who decides, such as "Ada <ada@example.org>"; without it user.name and user.email of git')
    .option('--all', 'walk also through what is decided already')
    .option('--json', 'one JSON document: what can be decided, or the decisions made');
}

function experimentIds(text: string, before: readonly number[] = []): number[] {
  const ids = text.split(',').map((part) => Number(part.trim().replace(/^#/, '') || NaN));
  if (!ids.every((id) => Number.isInteger(id) && id >= 0))
    throw new InvalidArgumentError('It must be numbers of experiments, such as 12,15.');
  return [...before, ...ids];
}
