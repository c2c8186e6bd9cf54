import type { TrialOfJob } from '../../../src/plugin.ts';
import type { SlurmOptions } from './options.ts';

export interface Submission {
  readonly key: string;
  readonly title: string;
  readonly trial?: TrialOfJob | undefined;
  /** The job's folder. */
  readonly dir: string;
  /** The command of the job, in the words of a shell. */
  readonly command: string;
  readonly timeoutSeconds: number;
}

/** The name in `squeue`: it begins with the run, for people, and ends in the key, by which autoresearch finds the job. */
export function jobName(key: string, title: string): string {
  return `${title.replaceAll(/[^\w.-]/g, '_')}.${key}`;
}

/** Options of sbatch that say what a job needs. */
export function resourceOptions(options: SlurmOptions, timeoutSeconds: number): string[] {
  const { partition, account, qos, time = limitOf(timeoutSeconds), cpus, memory, gres, constraint, container, sbatch } = options;
  const values = {
    partition,
    account,
    qos,
    time,
    'cpus-per-task': cpus,
    mem: memory,
    gres,
    constraint,
    container,
  };
  const named = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  // A job that was preempted is submitted anew by autoresearch, under another key, so Slurm must not begin it again.
  return ['--ntasks=1', '--no-requeue', ...named, ...sbatch];
}

/** What `squeue --format %k` shows, and `sacct --format Comment` where comments are stored. */
function commentOn({ run, experiment, index, attempt }: TrialOfJob): string {
  return `autoresearch run=${run} experiment=${experiment} trial=${index} attempt=${attempt}`;
}

export function submitOptions(options: SlurmOptions, submission: Submission): string[] {
  const { key, title, trial, dir, command, timeoutSeconds } = submission;
  return [
    '--parsable',
    `--job-name=${jobName(key, title)}`,
    ...(trial === undefined ? [] : [`--comment=${commentOn(trial)}`]),
    `--chdir=${dir}`,
    `--output=${dir}/slurm.log`,
    '--open-mode=append',
    // Of sbatch itself, which has only what it needs. Names in place of ALL would have the node start a login shell of the user
    // for each trial, which takes seconds.
    '--export=ALL',
    ...resourceOptions(options, timeoutSeconds),
    `--wrap=unset SLURM_JWT; exec ${command}`,
  ];
}

/** Slurm's limit counts from the start of the job and the worker's from that of the program, which it must still report on: so it is longer. */
function limitOf(timeoutSeconds: number): string {
  return String(Math.ceil(timeoutSeconds / 60) + 2);
}
