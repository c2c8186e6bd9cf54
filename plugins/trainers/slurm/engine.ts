import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quote, shellEngine, type CallWorker, type Look, type RemoteEngine, type RemoteState } from '../../../src/plugin.ts';
import { isNameOf, type JobState, type QueuedJob } from './job-state.ts';
import type { SlurmOptions } from './options.ts';
import type { CallSlurm, Queue } from './queue.ts';
import { submitOptions } from './sbatch.ts';

/** A worker says every second that it lives; for so long it is believed without a question to Slurm. */
const BELIEVED_SECONDS = 10;
/** Clocks of two machines differ, and a node may be slow to write. */
const MARGIN_SECONDS = 60;
/** What a node wrote last may take a moment to be seen here. */
const SETTLE_MS = 3000;
/** What was submitted just now waits for its turn, as long as its worker says nothing. */
const SUBMITTED_MS = 3000;

interface Parts {
  readonly options: SlurmOptions;
  readonly worker: CallWorker;
  readonly slurm: CallSlurm;
  readonly queue: Queue;
}

/** Jobs are folders of the shared folder that `worker.sh` keeps, which a job of Slurm runs. */
export function slurmEngine({ options, worker, slurm, queue }: Parts): RemoteEngine {
  const folders = shellEngine(worker);
  const overSince = new Map<string, number>();
  const submitted = new Map<string, number>();

  const { dirOf, queued, stateOf, withdraw } = lookUp({ options, slurm, queue });

  return {
    ...folders,
    async find(key) {
      const dir = await dirOf(key);
      if (dir === null) return null;
      // Between the two it was not submitted, or it was withdrawn before it began.
      return existsSync(join(dir, 'begun')) || (await queued(key, true)) !== undefined ? key : null;
    },
    async submit({ key, title, trial, archive, timeoutSeconds }) {
      const isNew = (await worker(['prepare', key], archive)).toString().trim() === 'new';
      const dir = await dirOf(key);
      if (dir === null) throw new Error('the job is not in the shared folder');
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
      await awaitEnd(await dirOf(key), waitMs);
      const seen = await folders.look(key);
      const { state, said, silentSeconds } = seen;
      if (said === 'ended' || said === 'again' || (said === 'running' && silentSeconds < BELIEVED_SECONDS)) return state;
      if (said === 'pending' && performance.now() - (submitted.get(key) ?? Number.NEGATIVE_INFINITY) < SUBMITTED_MS) return state;
      const job = await stateOf(key);
      // A worker that cannot write ends when its lease is over. Slurm may not notice for long that it is gone.
      const isGone = job?.name === 'RUNNING' && said !== 'pending' && silentSeconds > options.leaseSeconds + MARGIN_SECONDS;
      if (isGone) return { state: 'lost', detail: `Slurm has it running, but its worker has been silent for ${silentSeconds} s` };
      if (job !== null && job.phase !== 'over') return standing(seen, job);
      const since = overSince.get(key) ?? performance.now();
      overSince.set(key, since);
      if (performance.now() - since < SETTLE_MS) return { state: 'pending' };
      return over(job, await lastLine(await dirOf(key)));
    },
    async cancel(key) {
      await folders.cancel(key);
      await withdraw(key);
    },
    async forget(key) {
      overSince.delete(key);
      submitted.delete(key);
      // Its folder stays where it cannot be withdrawn, so that a later run finds it.
      if ((await folders.look(key)).said !== 'ended') await withdraw(key);
      await folders.forget(key);
    },
  };
}

/** Where the folder of a job is, and what Slurm says of it. */
function lookUp({ options, slurm, queue }: Omit<Parts, 'worker'>) {
  /** The job's folder; null where there is none. */
  const dirOf = async (key: string): Promise<string | null> => {
    const name = await readFile(join(options.folder, 'jobs', key), 'utf8').catch(() => '');
    return name === '' ? null : join(options.folder, name.trim());
  };
  /**
   * The job of Slurm. It is known by its name: a controller that lost its memory gives the same number a second time, to
   * another job. Where the controller has forgotten it, the number that it gave is in the folder.
   */
  const queued = async (key: string, isFresh = false): Promise<QueuedJob | undefined> =>
    (await queue.jobs({ isFresh })).findLast(({ jobName }) => isNameOf(key, jobName));
  const stateOf = async (key: string): Promise<JobState | null> => {
    const job = await queued(key);
    if (job !== undefined) return job;
    const dir = await dirOf(key);
    const id = dir === null ? '' : (await readFile(join(dir, 'slurm-job'), 'utf8').catch(() => '')).trim();
    return id === '' ? null : queue.past(id, key);
  };
  const withdraw = async (key: string): Promise<void> => {
    const job = await queued(key, true);
    if (job !== undefined && job.phase !== 'over') await slurm('scancel', '--quiet', job.id);
  };
  return { dirOf, queued, stateOf, withdraw };
}

/** Waits for the worker to write down its end, without a program: a look at a folder costs next to nothing. */
async function awaitEnd(dir: string | null, waitMs: number): Promise<void> {
  if (dir === null) return;
  const began = performance.now();
  for (let spent = 0; spent < waitMs && !existsSync(join(dir, 'end')); spent = performance.now() - began) {
    await sleep(Math.min(Math.max(10, spent / 20), 250, waitMs - spent));
  }
}

/** Slurm has it in hand: it waits, or was begun, or is to be begun once more. */
function standing({ said, state }: Look, { phase, name, reason }: JobState): RemoteState {
  if (phase === 'active') return state.state === 'lost' ? { state: 'pending', detail: `${name}, and its worker is silent` } : state;
  if (said !== 'pending') return { state: 'lost', detail: 'it was preempted or its machine failed, and it waits to be begun anew' };
  return { state: 'pending', detail: reason === '' || reason === 'None' ? name : `${name}: ${reason}` };
}

/** It is over, and its worker has not said how it ended. */
function over(job: JobState | null, said: string): RemoteState {
  const end = { seconds: 0, layer: '', tree: '', hardware: '' };
  // These are of the program: it took more memory or time than the job may have.
  if (job?.name === 'OUT_OF_MEMORY') return { state: 'ended', logSize: 0, end: { ...end, exitCode: 137, why: null } };
  if (job?.name === 'TIMEOUT') return { state: 'ended', logSize: 0, end: { ...end, exitCode: null, why: 'timeout' } };
  const detail = job === null ? 'Slurm does not know its job any more' : `its job ended as ${job.name}`;
  return { state: 'lost', detail: said === '' ? detail : `${detail}: ${said}` };
}

/** What Slurm or the shell said before the worker could. */
async function lastLine(dir: string | null): Promise<string> {
  const text = dir === null ? '' : await readFile(join(dir, 'slurm.log'), 'utf8').catch(() => '');
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
