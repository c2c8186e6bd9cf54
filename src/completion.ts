import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { presetNames } from './config/preset.ts';

/** Adds `completion bash`, which prints the script for a shell, and `complete -- words`, which answers that script. */
export function addCompletion(program: Command): void {
  const known = tab(program, { completionCommandName: 'completion' });
  for (const command of ['run', 'init', 'check']) {
    const preset = known.commands.get(command)?.options.get('preset');
    if (preset === undefined) continue;
    preset.handler = (complete) => {
      for (const name of presetNames()) complete(name, '');
    };
  }
}
