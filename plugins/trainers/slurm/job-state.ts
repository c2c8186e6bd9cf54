/** Slurm's job states, by what they mean for a trial. */
export interface JobState {
  readonly phase: 'waiting' | 'active' | 'over';
  /** In the words of Slurm, such as `PENDING` or `NODE_FAIL`. */
  readonly name: string;
  /** Why it waits, such as `Resources`. */
  readonly reason: string;
}

const WAITING = new Set(['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'RESV_DEL_HOLD']);
const ACTIVE = new Set(['RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT', 'RESIZING', 'UPDATE_DB']);

/** Reads `CANCELLED by 1000` as CANCELLED and `NODE_FAIL+` as NODE_FAIL. States of later versions count as over. */
export function jobState(text: string, reason = ''): JobState {
  const name = /^[A-Z_]+/.exec(text.trim())?.[0] ?? 'UNKNOWN';
  return { phase: WAITING.has(name) ? 'waiting' : ACTIVE.has(name) ? 'active' : 'over', name, reason };
}

export interface QueuedJob extends JobState {
  readonly id: string;
  readonly jobName: string;
}

/** From `squeue --format '%i|%T|%r|%j'`. */
export function readQueue(text: string): QueuedJob[] {
  return text.split('\n').flatMap((line) => {
    const [id, state, reason, ...name] = line.trim().split('|');
    return id === undefined || state === undefined || name.length === 0
      ? []
      : [{ id, ...jobState(state, reason), jobName: name.join('|') }];
  });
}

/** The key of a job is the end of its name. */
export function isNameOf(key: string, name: string): boolean {
  return name.endsWith(`.${key}`);
}

/** From `sacct --parsable2 --format=State,JobName`. Of a job that was begun again, the last one counts. */
export function readAccounts(text: string, key: string): JobState | null {
  const rows = text.split('\n').map((line) => line.trim().split('|'));
  const [state] = rows.findLast(([, ...name]) => isNameOf(key, name.join('|'))) ?? [];
  return state === undefined ? null : jobState(state);
}

/** The same from the lines that the plugin jobcomp/filetxt writes. */
export function readCompletions(text: string, id: string, key: string): JobState | null {
  const line = text.split('\n').findLast((one) => one.startsWith(`JobId=${id} `) && one.includes(`.${key} `));
  const [, state] = /\sJobState=(\S+)/.exec(line ?? '') ?? [];
  return state === undefined ? null : jobState(state);
}
