import { join } from 'node:path';
import { definePlugin, failureLine, startProblem, type ExecResult, type TrialOutcome } from '../../../src/plugin.ts';
import { verifyRun } from './verify.ts';

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
      verify: (preflight) => verifyRun({ run, shell, cwd, at: context.path }, preflight),
      async train(request): Promise<TrialOutcome> {
        const folder = join(request.cwd, cwd);
        const result = await context.exec(argv, {
          cwd: folder,
          env: request.env,
          timeoutMs: request.timeoutMs,
          logFile: request.logFile,
          maxLogBytes: maxLogMb * 1024 * 1024,
          signal: request.signal,
          onLine: request.onLine,
        });
        const { exit, exitCode, signal, seconds, peakMemoryMb } = result;
        return {
          exit,
          exitCode,
          signal,
          seconds,
          peakMemoryMb,
          ...(exit === 'failed' && { detail: detailOf(result, argv[0], folder, request.env['PATH']) }),
        };
      },
    };
  },
});

function detailOf({ spawnError, tail }: ExecResult, program: string, cwd: string, path: string | undefined): string {
  return spawnError === undefined ? failureLine(tail) : startProblem({ program, cwd, path, code: spawnError });
}
