import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginContext } from '../contract/context.ts';
import type { RemoteJob } from '../contract/remote.ts';
import { callProgram } from './call-program.ts';
import { writeJob, type JobRequest } from './job-files.ts';
import type { RemoteOptions } from './options.ts';

/** Writes the files of a job into a folder below `dir`; an archive of them beside it, where somebody asks for it. */
export async function packJob(dir: string, request: JobRequest, { options, context, hidden }: PackParts): Promise<JobFiles> {
  const folder = join(dir, 'job');
  mkdirSync(folder);
  await writeJob(folder, request, options, await hidden?.());
  return {
    folder,
    async archive() {
      const path = join(dir, 'job.tar');
      const env = { PATH: process.env['PATH'] ?? '' };
      await callProgram(context, ['tar', '-cf', path, '-C', folder, '.'], { timeoutMs: 600_000, env });
      return path;
    },
  };
}

export type JobFiles = Pick<RemoteJob, 'folder' | 'archive'>;

interface PackParts {
  readonly options: RemoteOptions;
  readonly context: Pick<PluginContext, 'exec' | 'projectDir'>;
  readonly hidden?: (() => Promise<readonly string[]>) | undefined;
}
