import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import type { RemoteNote } from '../contract/remote.ts';
import { assemble, withoutReporters } from '../engine/session/assemble.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { trainerOf } from '../engine/session/left-jobs.ts';
import { jobsDirOf } from '../engine/slots/run-paths.ts';
import { AutoresearchError } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import type { Log } from '../plugin.ts';
import { readNotes, removeNote } from '../remote/job-notes.ts';
import type { Finding } from './finding.ts';

const SILENT: Log = { info: () => {}, warn: () => {}, debug: () => {} };

/** Jobs on other machines that sessions have left which are gone. A run that is resumed finds those of its experiments again. */
export function findRemoteJobs({ stateDir, projectDir }: Repository, isLive: (run: string) => boolean): Finding[] {
  const runs = existsSync(stateDir) ? readdirSync(stateDir).filter((run) => !isLive(run)) : [];
  return runs.flatMap((run) => {
    const dir = jobsDirOf(join(stateDir, run));
    return readNotes(dir).map((note): Finding => {
      const text = `job ${note.title} (${note.key}) of run ${run} may still run on another machine; resume finds it again if it is needed`;
      return { kind: 'job', text, fix: () => endJob(projectDir, dir, note) };
    });
  });
}

/** By the trainer that the config names now. */
async function endJob(projectDir: string, dir: string, note: RemoteNote): Promise<void> {
  const { config, uses } = await loadConfig({ cwd: projectDir });
  const { signal } = new AbortController();
  const { instances } = await assemble(config, withoutReporters(uses), { projectDir, log: SILENT, signal });
  try {
    const trainer = trainerOf(instances);
    if (trainer?.endJob === undefined) {
      throw new AutoresearchError('JOB_LEFT', `the config names no trainer that knows job ${note.key}`, {
        hint: 'name the one it was submitted with, or end it by the tools of the cluster; its lease ends it anyway',
      });
    }
    await trainer.endJob(note);
    removeNote(dir, note.key);
  } finally {
    await disposeAll(instances, () => {});
  }
}
