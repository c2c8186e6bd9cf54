import { InvalidArgumentError, Option } from 'commander';
import { isDuration } from './duration.ts';
import type { InitFlags } from './init/draft.ts';
import { collect, wholeNumber, type AddCommand } from './command-options.ts';

/** `init`: every question it asks at a terminal is an option too. */
export function addInitCommand(command: AddCommand): void {
  command(
    'init [dir]',
    'look at a project, and write a config, a program.md and what git should ignore',
    async (dir: string | undefined, flags: InitFlags) => (await import('./commands/init.ts')).init(dir, flags),
  )
    .option('-y, --yes', 'ask nothing: take what is found, and run the trial once to see what it prints')
    .option('--train <command>', 'what a trial runs, such as "python train.py"')
    .option('--metric <name>', 'the number to improve, as it is printed: `accuracy: 0.93`; seconds: how long a trial takes')
    .addOption(new Option('--direction <direction>', 'which way is better').choices(['minimize', 'maximize']))
    .option('--edit <path>', 'a file or pattern that may be changed; may be repeated', collect)
    .option('--agent <name>', 'who proposes changes: search, claude-code, codex, gemini, opencode, pi')
    .option('--link <path>', 'an ignored file or folder that trials need; may be repeated', collect)
    .option('--test <command>', 'tests that must pass before each trial')
    .option('--timeout <duration>', 'how long a trial may take', duration)
    .option('--experiments <n>', 'how many experiments (100)', wholeNumber)
    .option('--time <duration>', 'how long in all (8h)', duration)
    .option('--no-try', 'do not run the trial')
    .option('--try', 'run the trial once, to see what it prints')
    .option('--preset <name>', 'the sample project of a preset instead, such as tiny-lm');
}

function duration(text: string): string {
  if (isDuration(text)) return text;
  throw new InvalidArgumentError('It must be a duration, such as 90s, 10m or 8h.');
}
