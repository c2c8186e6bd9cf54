import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteNote } from '../../contract/remote.ts';
import type { Trainer } from '../../contract/roles.ts';
import { messageOf } from '../../errors.ts';
import { readNotes, removeNote } from '../../remote/job-notes.ts';
import { jobsDirOf } from '../slots/run-paths.ts';
import type { Instance } from './instance.ts';

/** So long an engine out of reach may hold up the start or the end of a session; the jobs' leases end them too. */
const LIMIT_MS = 30_000;

/** Ends jobs on other machines that nobody waits for any more. Those of experiments that are taken up again are theirs. */
export async function endLeftJobs(
  runDir: string,
  instances: readonly Instance[],
  { except = [], warn }: { readonly except?: readonly number[]; readonly warn: (message: string) => void },
): Promise<void> {
  const dir = jobsDirOf(runDir);
  const notes = readNotes(dir).filter(({ experiment }) => !except.includes(experiment));
  const trainer = trainerOf(instances);
  if (notes.length === 0 || trainer?.endJob === undefined) return;
  const late = sleep(LIMIT_MS, 'late' as const, { ref: false });
  const ended = await Promise.race([late, Promise.all(notes.map((note) => endJob(dir, note, trainer)))]);
  const failed = ended === 'late' ? [`no answer within ${LIMIT_MS / 1000} s`] : ended.filter((text) => text !== null);
  if (failed.length > 0) warn(`jobs on other machines may run until their lease is over (${failed[0]}); autoresearch doctor tries again`);
}

/** Null if it is gone, else why nobody knows. */
async function endJob(dir: string, note: RemoteNote, trainer: Trainer): Promise<string | null> {
  try {
    await trainer.endJob?.(note);
    removeNote(dir, note.key);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

export function trainerOf(instances: readonly Instance[]): Trainer | undefined {
  return instances.flatMap((instance) => (instance.kind === 'trainer' ? [instance.role] : []))[0];
}
