import { waitForGitOf } from '../git/run-refs.ts';
import { endLeftovers } from '../process/session.ts';
import { takeLock, type Lock } from './lock.ts';

/** Takes a run's lock, and ends the processes of a crashed session: its token is only in the lock that is replaced here. */
export async function holdRun(file: string, token: string): Promise<Lock> {
  const lock = takeLock(file, token);
  if (lock.stale) {
    endLeftovers(lock.stale.token);
    await waitForGitOf(lock.stale.pid);
  }
  return lock;
}
