import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginContext } from '../contract/context.ts';
import type { RemoteEngine } from '../contract/remote.ts';
import type { Trainer } from '../contract/roles.ts';
import { callProgram } from './call-program.ts';
import { writeJob } from './job-files.ts';
import type { RemoteOptions } from './options.ts';
import { trainRemotely } from './train-remotely.ts';

interface Parts {
  readonly options: RemoteOptions;
  readonly context: PluginContext;
  /** Folders of a worker that its sandbox covers, besides the usual ones. */
  readonly hidden?: () => Promise<readonly string[]>;
  /** The engine that trials of a slot go to. */
  readonly engineOf: (slot: string) => RemoteEngine | Promise<RemoteEngine>;
}

/** A trainer whose trials run where an engine puts them. */
export function createRemoteTrainer({ options, context, engineOf, hidden }: Parts): Trainer {
  return {
    async train(request) {
      return trainRemotely(request, {
        engine: await engineOf(request.slot),
        options,
        log: context.log,
        async pack(dir) {
          const folder = join(dir, 'job');
          mkdirSync(folder);
          await writeJob(folder, request, options, await hidden?.());
          const archive = join(dir, 'job.tar');
          await callProgram(context, ['tar', '-cf', archive, '-C', folder, '.'], {
            timeoutMs: 600_000,
            env: { PATH: process.env['PATH'] ?? '' },
          });
          return { folder, archive };
        },
      });
    },
  };
}
