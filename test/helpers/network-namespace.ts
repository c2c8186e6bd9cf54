import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../src/sandbox/probe.ts';

/** A network of its own that has the loopback interface and nothing else: what listens in it cannot be reached from outside. */
export interface NetworkNamespace {
  readonly name: string;
  /** Words to put before a command, so that it runs there: `[...enter, 'ray', 'start']`. */
  readonly enter: readonly [string, ...string[]];
  /** Takes the loopback interface down or up: nothing there reaches anything while it is down. */
  setLink(state: 'up' | 'down'): void;
  /** The processes that run there. */
  pids(): number[];
  /** Ends every process there, and removes it. */
  remove(): Promise<void>;
}

const PREFIX = 'autoresearch-';
const IP = findProgram('ip', `${process.env['PATH']}:/usr/sbin:/sbin`) ?? 'ip';

/** Why no such network can be made here; null where it can. Making one needs root. */
export const NO_NAMESPACE: string | null = reasonAgainst();

let made = 0;

export function makeNetworkNamespace(): NetworkNamespace {
  removeAbandoned();
  const name = `${PREFIX}${process.pid}-${made++}`;
  ip('netns', 'add', name);
  // Another address than 127.0.0.1: without one, programs that ask for addresses of the interface are told that there are none.
  ip('-n', name, 'addr', 'add', '127.0.0.2/8', 'dev', 'lo');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  const pids = () => pidsIn(name);
  return {
    name,
    // Unlike `ip netns exec` this leaves /sys as it is, where programs look for cgroups.
    enter: ['nsenter', `--net=/run/netns/${name}`],
    setLink: (state) => void ip('-n', name, 'link', 'set', 'lo', state),
    pids,
    async remove() {
      // What is killed may have started something a moment before.
      for (let tried = 0; tried < 100 && pids().length > 0; tried++) {
        for (const pid of pids()) kill(pid);
        await sleep(50);
      }
      spawnSync(IP, ['netns', 'del', name]);
    },
  };
}

/** Those of test runs that were killed, with what runs in them. */
function removeAbandoned(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, name = '', pid = ''] = /^(autoresearch-(\d+)-\d+)/.exec(line) ?? [];
    if (name === '' || isAlive(Number(pid))) continue;
    for (const left of pidsIn(name)) kill(left);
    spawnSync(IP, ['netns', 'del', name]);
  }
}

function reasonAgainst(): string | null {
  if (process.getuid?.() !== 0) return 'only root can make a network namespace';
  if (findProgram('nsenter', process.env['PATH']) === null) return 'there is no nsenter';
  const name = `${PREFIX}${process.pid}-probe`;
  const { status, stderr, error } = spawnSync(IP, ['netns', 'add', name], { encoding: 'utf8' });
  if (status === 0) spawnSync(IP, ['netns', 'del', name]);
  return status === 0 ? null : `no network namespace can be made: ${error?.message ?? stderr.trim()}`;
}

const ip = (...args: string[]) => execFileSync(IP, args, { encoding: 'utf8' });

function pidsIn(name: string): number[] {
  const { stdout } = spawnSync(IP, ['netns', 'pids', name], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
