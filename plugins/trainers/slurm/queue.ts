import { readFile } from 'node:fs/promises';
import { readAccounts, readCompletions, readQueue, type JobState, type QueuedJob } from './job-state.ts';

/** Runs a Slurm client and gives its stdout; throws an Error with its stderr where it fails. */
export type CallSlurm = (program: string, ...args: string[]) => Promise<string>;

/** This user's jobs in Slurm. The controller is asked at intervals, however many trials ask here. */
export class Queue {
  readonly #call: CallSlurm;
  readonly #freshMs: number;
  #seen: { readonly at: number; readonly jobs: Promise<readonly QueuedJob[]> } | null = null;
  #hasAccounting = true;
  #completions: Promise<string | null> | null = null;

  constructor(call: CallSlurm, freshMs: number) {
    this.#call = call;
    this.#freshMs = freshMs;
  }

  /** Includes jobs that ended within MinJobAge, five minutes by default. */
  async jobs({ isFresh = false } = {}): Promise<readonly QueuedJob[]> {
    if (this.#seen === null || isFresh || performance.now() - this.#seen.at > this.#freshMs) {
      const jobs = this.#call('squeue', '--me', '--noheader', '--states=all', '--format=%i|%T|%r|%j').then(readQueue);
      const seen = { at: performance.now(), jobs };
      this.#seen = seen;
      jobs.catch(() => this.#seen === seen && (this.#seen = null));
    }
    return this.#seen.jobs;
  }

  /** What became of a job that the controller has forgotten; null where neither the accounts nor the list of ended jobs know it. */
  async past(id: string, key: string): Promise<JobState | null> {
    return (await this.#accounted(id, key)) ?? (await this.#completed(id, key));
  }

  async #accounted(id: string, key: string): Promise<JobState | null> {
    if (!this.#hasAccounting) return null;
    try {
      const said = await this.#call('sacct', '--jobs', id, '--allocations', '--noheader', '--parsable2', '--format=State,JobName');
      return readAccounts(said, key);
    } catch (error) {
      if (!/disabled|command not found|ENOENT/i.test(String(error))) throw error;
      this.#hasAccounting = false;
      return null;
    }
  }

  async #completed(id: string, key: string): Promise<JobState | null> {
    this.#completions ??= this.#call('scontrol', 'show', 'config').then(completionsFile, () => null);
    const file = await this.#completions;
    return file === null ? null : readCompletions(await readFile(file, 'utf8').catch(() => ''), id, key);
  }
}

function completionsFile(config: string): string | null {
  const type = /^JobCompType\s*=\s*(\S+)/m.exec(config)?.[1];
  return type === 'jobcomp/filetxt' ? (/^JobCompLoc\s*=\s*(\/\S+)/m.exec(config)?.[1] ?? null) : null;
}
