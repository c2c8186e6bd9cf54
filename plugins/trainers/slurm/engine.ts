import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, shellEngine, type CallWorker, type Look, type RemoteEngine, type RemoteState } from '../../../src/plugin.ts';
import type { JobFolders } from './job-folders.ts';
import { isNameOf, type JobState, type QueuedJob } from './job-state.ts';
import type { SlurmOptions } from './options.ts';
import type { CallSlurm, Queue } from './queue.ts';
import { submitOptions } from './sbatch.ts';

/** A worker writes a heartbeat every second; while the last one is this young, Slurm is not asked. */
const BELIEVED_SECONDS = 10;
/** Clocks of two machines differ, and a node may be slow to write. */
const MARGIN_SECONDS = 60;
/** A shared folder may show what a node wrote only after a moment. */
const SETTLE_MS = 3000;
/** A job submitted this recently counts as waiting until its worker has written something, without asking Slurm. */
const SUBMITTED_MS = 3000;

interface Parts {
  readonly options: SlurmOptions;
  readonly worker: CallWorker;
  /** Puts `worker.sh` where jobs find it. */
  readonly install: () => Promise<void>;
  readonly jobs: JobFolders;
  readonly slurm: CallSlurm;
  readonly queue: Queue;
}

/** Jobs are folders of the shared folder that `worker.sh` keeps, which a job of Slurm runs. */
export function slurmEngine({ options, worker, install, jobs, slurm, queue }: Parts): RemoteEngine {
  const folders = shellEngine(worker);
  const overSince = new Map<string, number>();
  const submitted = new Map<string, number>();

  const hasEnded = new Set<string>();
  const { queued, stateOf, withdraw } = lookUp({ jobs, slurm, queue });

  return {
    ...folders,
    async find(key) {
      const dir = await jobs.dirOf(key);
      if (dir === null) return null;
      // A folder alone was never submitted, or its job was withdrawn before it began.
      return existsSync(join(dir, 'begun')) || (await queued(key, true)) !== undefined ? key : null;
    },
    async submit({ key, title, trial, folder, timeoutSeconds }) {
      await install();
      const isNew = await jobs.prepare(key, folder);
      const dir = await jobs.dirOf(key);
      if (dir === null) throw new Error('the job is not in the shared folder');
      // One that was forgotten may be in Slurm's list for some minutes more.
      if (!isNew && (await queued(key, true)) !== undefined) return key;
      const command = `sh ${quote(join(options.folder, 'worker.sh'))} run ${key}`;
      const said = await slurm('sbatch', ...submitOptions(options, { key, title, trial, dir, command, timeoutSeconds }));
      const [, id] = /^(\d+)/m.exec(said) ?? [];
      if (id === undefined) throw new Error(`sbatch answered ${JSON.stringify(said.slice(0, 200))}`);
      await writeFile(join(dir, 'slurm-job'), `${id}\n`);
      submitted.set(key, performance.now());
      return key;
    },
    async poll(key, waitMs = 0) {
      await jobs.awaitEnd(key, waitMs);
      const seen = await folders.look(key);
      const { state, said, silentSeconds } = seen;
      if (said === 'ended') hasEnded.add(key);
      if (said === 'ended' || said === 'again' || (said === 'running' && silentSeconds < BELIEVED_SECONDS)) return state;
      if (said === 'pending' && performance.now() - (submitted.get(key) ?? Number.NEGATIVE_INFINITY) < SUBMITTED_MS) return state;
      const job = await stateOf(key);
      // A worker that cannot write ends when its lease is over. Slurm may not notice for long that it is gone.
      const isGone = job?.name === 'RUNNING' && said !== 'pending' && silentSeconds > options.leaseSeconds + MARGIN_SECONDS;
      if (isGone) return { state: 'lost', detail: `Slurm has it running, but its worker has been silent for ${silentSeconds} s` };
      if (job !== null && job.phase !== 'over') return stateInQueue(seen, job);
      const since = overSince.get(key) ?? performance.now();
      overSince.set(key, since);
      if (performance.now() - since < SETTLE_MS) return { state: 'pending' };
      return stateWhenOver(job, await lastLine(await jobs.dirOf(key)));
    },
    async cancel(key) {
      await folders.cancel(key);
      await withdraw(key);
    },
    async forget(key) {
      overSince.delete(key);
      submitted.delete(key);
      // Its folder stays where it cannot be withdrawn, so that a later run finds it.
      if (!hasEnded.delete(key) && (await folders.look(key)).said !== 'ended') await withdraw(key);
      await folders.forget(key);
    },
  };
}

/** Finds the Slurm job of a key. */
function lookUp({ jobs, slurm, queue }: Pick<Parts, 'jobs' | 'slurm' | 'queue'>) {
  /**
   * The Slurm job in the queue, found by its name: a controller that lost its state gives job numbers a second time. Jobs that
   * have left the queue are found by the number in their folder.
   */
  const queued = async (key: string, isFresh = false): Promise<QueuedJob | undefined> => {
    const named = (await queue.jobs({ isFresh })).filter(({ jobName }) => isNameOf(key, jobName));
    return named.find(({ phase }) => phase !== 'over') ?? named.at(-1);
  };
  const stateOf = async (key: string): Promise<JobState | null> => {
    const job = await queued(key);
    if (job !== undefined) return job;
    const dir = await jobs.dirOf(key);
    const id = dir === null ? '' : (await readFile(join(dir, 'slurm-job'), 'utf8').catch(() => '')).trim();
    return id === '' ? null : queue.past(id, key);
  };
  const withdraw = async (key: string): Promise<void> => {
    const job = await queued(key, true);
    if (job !== undefined && job.phase !== 'over') await slurm('scancel', '--quiet', job.id);
  };
  return { queued, stateOf, withdraw };
}

/** The state of a job that Slurm still has: waiting, running, or requeued. */
function stateInQueue({ said, state }: Look, { phase, name, reason }: JobState): RemoteState {
  if (phase === 'active') return state.state === 'lost' ? { state: 'pending', detail: `${name}, and its worker is silent` } : state;
  if (said !== 'pending') return { state: 'lost', detail: 'it was preempted or its machine failed, and it waits to be begun anew' };
  return { state: 'pending', detail: reason === '' || reason === 'None' ? name : `${name}: ${reason}` };
}

/** The state of a job that is over without a word of its worker on how it ended. */
function stateWhenOver(job: JobState | null, said: string): RemoteState {
  const end = { seconds: 0, layer: '', tree: '', hardware: '' };
  // These two are the program's fault, not the machine's.
  if (job?.name === 'OUT_OF_MEMORY') return { state: 'ended', logSize: 0, end: { ...end, exitCode: 137, why: null } };
  if (job?.name === 'TIMEOUT') return { state: 'ended', logSize: 0, end: { ...end, exitCode: null, why: 'timeout' } };
  const detail = job === null ? 'Slurm does not know its job any more' : `its job ended as ${job.name}`;
  return { state: 'lost', detail: said === '' ? detail : `${detail}: ${said}` };
}

/** The last line that Slurm or the shell printed, where the worker did not get to start. */
async function lastLine(dir: string | null): Promise<string> {
  const text = dir === null ? '' : await readFile(join(dir, 'slurm.log'), 'utf8').catch(() => '');
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
