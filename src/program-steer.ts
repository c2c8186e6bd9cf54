import type { AddCommand } from './command-options.ts';

export interface SteerFlags {
  readonly run?: string;
  readonly note?: string;
  readonly as?: string;
}

const AS = ['--as <name>', 'who asks for it; without it user.name and user.email of git'] as const;

/** Commands that tell a run what to do while it works. */
export function addSteeringCommands(command: AddCommand): void {
  command('steer <hint>', 'queue a hint for the next proposal, also while the run goes on', async (hint: string, flags: SteerFlags) =>
    (await import('./commands/steer.ts')).steer(hint, flags),
  )
    .option('--run <run>', 'the run, instead of the last one')
    .option(...AS);

  command(
    'pause [run]',
    'let a run work on nothing once its experiment is settled; resume lets it go on',
    async (run: string | undefined, flags: SteerFlags) => (await import('./commands/pause.ts')).pause(run, flags),
  )
    .option('--note <text>', 'why; the record keeps it')
    .option(...AS);

  command(
    'stop [run]',
    'end a run once its experiment is settled, as if its budget were used up',
    async (run: string | undefined, flags: SteerFlags) => (await import('./commands/pause.ts')).stop(run, flags),
  )
    .option('--note <text>', 'why; the record keeps it')
    .option(...AS);
}
