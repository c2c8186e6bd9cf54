import { InvalidArgumentError } from 'commander';
import { wholeNumber, type AddCommand } from './command-options.ts';

export interface ImportFlags {
  readonly name?: string;
  readonly branch?: string;
  readonly direction?: string;
  readonly sigma?: number;
  readonly map?: readonly string[];
  readonly segment?: number;
  readonly json?: boolean;
}

export interface RejudgeFlags {
  readonly gate?: string;
  readonly set?: readonly string[];
  readonly sigma?: number;
  readonly json?: boolean;
}

/** Commands for runs that are over, our own and those of other loops. */
export function addPastCommands(command: AddCommand): void {
  command(
    'import <log>',
    'turn the log of another tool into a run: a results.tsv, any other table, or JSON',
    async (file: string, flags: ImportFlags) => (await import('./commands/import.ts')).importLog(file, flags),
  )
    .option('--name <name>', 'the name of the run')
    .option('--branch <branch>', 'the branch the log is about: its commits become candidates')
    .option('--direction <direction>', 'minimize or maximize; without it as the log says, or as its keeps went')
    .option('--map <map>', 'columns and words of the log: score=val_loss,status=decision,keep=good|fine; may be repeated', collect)
    .option('--segment <n>', 'which part of a log with several runs, from 1; without it the last', wholeNumber)
    .option('--sigma <number>', 'the noise of one trial, if you know it', positiveNumber)
    .option('--json', 'one JSON document');

  command(
    'rejudge [run]',
    'which keeps of a recorded or imported run another gate would keep',
    async (run: string | undefined, flags: RejudgeFlags) => (await import('./commands/rejudge.ts')).rejudge(run, flags),
  )
    .option('--gate <gate>', 'the gate (posterior)')
    .option('--set <option=value>', 'an option of the gate; may be repeated', collect)
    .option('--sigma <number>', 'the noise of one trial, if you know it', positiveNumber)
    .option('--json', 'one JSON document');
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
