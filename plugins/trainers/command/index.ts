import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { definePlugin, type ExecResult, type Preflight, type TrialOutcome } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'trainer',
  name: 'command',
  apiVersion: 1,
  description: 'Runs a program in the project folder of the worktree; its output is the log that metrics read.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['run'],
    properties: {
      run: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'The program and its arguments, such as [uv, run, train.py]. No shell is involved.',
      },
      shell: { type: 'boolean', default: false, description: 'Hand the words, joined by spaces, to `sh -c`.' },
      cwd: { type: 'string', default: '.', description: 'Where it runs, relative to the project folder.' },
      maxLogMb: { type: 'number', exclusiveMinimum: 0, default: 8, description: 'MiB of output kept per trial: the start and the end.' },
    },
  },
  create({ run, shell, cwd, maxLogMb }, context) {
    const argv = (shell ? ['sh', '-c', run.join(' ')] : run) as [string, ...string[]];
    return {
      verify(preflight: Preflight) {
        if (shell || argv[0].includes('/') || onPath(argv[0])) return;
        preflight.problem(
          'COMMAND_NOT_FOUND',
          `${context.path}: there is no program "${argv[0]}" on the PATH`,
          `install ${argv[0]}, or change ${context.path}.with.run`,
        );
      },
      async train(request): Promise<TrialOutcome> {
        const result = await context.exec(argv, {
          cwd: join(request.cwd, cwd),
          env: request.env,
          timeoutMs: request.timeoutMs,
          logFile: request.logFile,
          maxLogBytes: maxLogMb * 1024 * 1024,
          signal: request.signal,
          onLine: request.onLine,
        });
        const { exit, exitCode, signal, seconds, peakMemoryMb } = result;
        return { exit, exitCode, signal, seconds, peakMemoryMb, ...(exit === 'failed' && { detail: detailOf(result, argv[0]) }) };
      },
    };
  },
});

/** The last thing the program said is most often why it ended. */
function detailOf({ spawnError, tail }: ExecResult, program: string): string {
  if (spawnError) return `${program} could not be started (${spawnError})`;
  return tail.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
