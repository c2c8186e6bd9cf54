import type { RemoteEnd, RemoteState } from '../contract/remote.ts';

/** A worker's answer about a job. */
export interface Look {
  readonly state: RemoteState;
  /** The state in the worker's own word. */
  readonly said: 'pending' | 'running' | 'ended' | 'gone' | 'silent' | 'again' | 'unknown';
  /** The age of its last heartbeat in seconds. */
  readonly silentSeconds: number;
}

const SAID = ['pending', 'running', 'ended', 'gone', 'silent', 'again'] as const;

const LOST = {
  gone: 'its worker was killed, or its machine went down',
  silent: 'its worker has been silent for a minute: it was killed, or its machine went down',
  again: 'it was preempted or its machine failed, and the scheduler began it anew',
  unknown: 'the worker does not know it any more',
};

/** From the first line that `worker.sh poll` prints, and the size of the log. */
export function lookOf(line: string, logSize: number): Look {
  const [, word = '', age = '0'] = /^state=(\w+)(?: age=(-?\d+))?/.exec(line) ?? [];
  const said = SAID.find((one) => one === word) ?? 'unknown';
  return { state: stateOf(said, logSize, line), said, silentSeconds: Math.max(0, Number(age)) };
}

function stateOf(said: Look['said'], logSize: number, line: string): RemoteState {
  if (said === 'pending') return { state: said };
  if (said === 'running') return { state: said, logSize };
  if (said === 'ended') return { state: said, logSize, end: endOf(line) };
  return { state: 'lost', detail: LOST[said] };
}

const WHY = ['timeout', 'cancelled', 'lease', 'setup', 'sandbox', 'results', 'disk'] as const;

function endOf(line: string): RemoteEnd {
  const field = (name: string) => new RegExp(`; ${name}=([^;]*)`).exec(line)?.[1] ?? '';
  const code = field('code');
  return {
    exitCode: code === '' ? null : Number(code),
    why: WHY.find((why) => why === field('why')) ?? null,
    seconds: Number(field('seconds')),
    layer: field('layer'),
    tree: field('tree'),
    hardware: field('hardware'),
  };
}
