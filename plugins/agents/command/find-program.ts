import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Preflight } from '../../../src/plugin.ts';

/** Reports a program that cannot be started: not on PATH, or not a file of the project. */
export async function verifyProgram(program: string, preflight: Preflight): Promise<void> {
  if (/[/\\]/.test(program)) {
    const exists = isAbsolute(program)
      ? await isExecutable(program)
      : await preflight.requireFile(program.replace(/^\.\//, ''), { at: 'agent.with.run', isProgram: true });
    if (!exists)
      preflight.problem(
        'COMMAND_NOT_FOUND',
        `the agent's program ${program} is not there`,
        'commit it to the project, or give its absolute path',
      );
    return;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  for (const folder of folders) {
    for (const ending of endings) if (await isExecutable(join(folder, program + ending))) return;
  }
  preflight.problem('COMMAND_NOT_FOUND', `the agent's program ${program} is not on PATH`, 'install it, or give its absolute path');
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
