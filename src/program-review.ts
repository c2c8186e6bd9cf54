import { InvalidArgumentError, Option } from 'commander';
import { wholeNumber, type AddCommand } from './command-options.ts';

export interface ReviewFlags {
  readonly approve?: readonly number[];
  readonly reject?: readonly number[];
  readonly ask?: readonly number[];
  readonly note?: string;
  readonly as?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export interface PromoteFlags {
  readonly branch?: string;
  readonly onto?: string;
  /** False with `--no-audit`. */
  readonly audit?: boolean;
  readonly trials?: number;
  readonly out?: string;
  readonly as?: string;
  /** The remote; true for the usual one. */
  readonly push?: string | true;
  readonly pullRequest?: boolean;
  readonly json?: boolean;
}

export interface AuditLogFlags {
  readonly format?: 'md' | 'csv' | 'json';
  readonly out?: string;
}

/** Commands for reviewing and promoting what a run found. */
export function addReviewCommands(command: AddCommand): void {
  command(
    'review [run]',
    'approve, reject or ask about kept changes and those that wait for a human',
    async (run: string | undefined, flags: ReviewFlags) => (await import('./commands/review.ts')).review(run, flags),
  )
    .option('--approve <ids>', 'approve these experiments, such as 12,15', experimentIds)
    .option('--reject <ids>', 'reject these', experimentIds)
    .option('--ask <ids>', 'ask the question of --note about these', experimentIds)
    .option('--note <text>', 'why, or the question')
    .option('--as <name>', 'who decides, such as "Ada <ada@example.org>"; without it user.name and user.email of git')
    .option('--all', 'also show what is decided already')
    .option('--json', 'one JSON document: what can be decided, or the decisions made');

  command(
    'promote [run]',
    'build a branch of approved changes only, audit it, and write the text of a pull request; pushes only if asked to',
    async (run: string | undefined, flags: PromoteFlags) => (await import('./commands/promote.ts')).promote(run, flags),
  )
    .option('--branch <name>', 'the branch to build')
    .option('--onto <revision>', 'what to put the changes onto; default: where the run started')
    .option('--no-audit', 'do not measure the branch')
    .option('--trials <n>', 'trials of each side of the audit (3)', wholeNumber)
    .option('--out <file>', 'where to write the text of the pull request, instead of to stdout')
    .option('--push [remote]', 'push the branch to the remote (origin), unless the audit does not confirm it')
    .option('--pull-request', 'push it, and open a pull request or bring it up to date, with gh or glab')
    .option('--as <name>', 'who promotes; without it user.name and user.email of git')
    .option('--json', 'the record of the promotion as one JSON document, instead of the text');

  command(
    'audit-log [run]',
    'export every change with its author, reasons, risks, evidence, decision and approver, for compliance',
    async (run: string | undefined, flags: AuditLogFlags) => (await import('./commands/audit-log.ts')).auditLog(run, flags),
  )
    .addOption(new Option('--format <format>', 'what to write').choices(['md', 'csv', 'json']).default('md'))
    .option('--out <file>', 'where to write it, instead of to stdout');
}

function experimentIds(text: string, before: readonly number[] = []): number[] {
  const ids = text.split(',').map((part) => Number(part.trim().replace(/^#/, '') || NaN));
  if (!ids.every((id) => Number.isInteger(id) && id >= 0))
    throw new InvalidArgumentError('It must be numbers of experiments, such as 12,15.');
  return [...before, ...ids];
}
