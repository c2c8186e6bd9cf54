import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config } from '../config/types.ts';
import { exec } from '../process/exec.ts';
import { findReaper, type Reaper } from '../process/reaper.ts';
import { seccompFilter } from './seccomp.ts';

/** What keeps agents and trainers in: the kernel through bwrap, or nothing. */
export type Layer = 'bwrap' | 'none';

export interface Probed {
  readonly layer: Layer;
  /** Where bwrap is, when it is the layer. */
  readonly bwrap: string;
  /** For people: which layer it is, and why. */
  readonly text: string;
  /** Which system calls it refuses; null where it cannot, or does not know them here. */
  readonly filter: Uint8Array | null;
  /** What finds the processes that a program leaves behind, where there is no layer that does. */
  readonly reaper: Reaper | null;
  /** Where macOS' sandbox-exec is, if it works and bwrap does not; it holds less, so that the layer is none all the same. */
  readonly seatbelt?: string;
}

/** Everything a real start uses, so that a kernel or container that refuses part of it is found out here. */
export const BASE = [
  '--unshare-all',
  '--cap-drop',
  'ALL',
  '--die-with-parent',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
  '--tmpfs',
  '/tmp',
];

const INSTALL = 'install it with your package manager, such as: apt-get install bubblewrap';

/** Tries whether bwrap can be had, and works: being there is not enough in containers and on hardened kernels. */
export async function probe(mode: Config['sandbox']): Promise<Probed> {
  if (mode === 'off') return none('off, as the config says');
  const bwrap = process.platform === 'linux' ? findProgram('bwrap') : null;
  if (bwrap === null) {
    const seatbelt = await findSeatbelt();
    if (seatbelt !== null) return { ...none('none but sandbox-exec, which is untested and holds trials only'), seatbelt };
    if (process.platform !== 'linux') return none(`none, because there is no bwrap for ${process.platform}`);
    return none(`none, because bwrap is not installed; ${INSTALL}`);
  }
  const start = (filter: Uint8Array | null) =>
    exec([bwrap, ...filtered(filter), ...BASE, '--', 'true'], {
      env: { PATH: process.env['PATH'] ?? '' },
      timeoutMs: 10_000,
      lastInput: filter,
    });
  const filter = seccompFilter();
  if (filter !== null && (await start(filter)).exit === 'completed') return { layer: 'bwrap', bwrap, text: 'bwrap', filter, reaper: null };
  const { exit, tail } = await start(null);
  if (exit === 'completed')
    return { layer: 'bwrap', bwrap, text: 'bwrap, which cannot filter system calls here', filter: null, reaper: null };
  return none(`none, because bwrap does not work here (${tail.trim().split('\n').at(-1) ?? exit})`);
}

/** macOS has sandbox-exec, which takes a profile; it is tried, since it is marked as deprecated. */
async function findSeatbelt(): Promise<string | null> {
  const program = findProgram('sandbox-exec');
  if (program === null) return null;
  const argv = [program, '-p', '(version 1)(allow default)', 'true'] as const;
  const { exit } = await exec([...argv], { env: { PATH: process.env['PATH'] ?? '' }, timeoutMs: 10_000 });
  return exit === 'completed' ? program : null;
}

/** The option of bwrap for a filter that it can read from a descriptor. */
export function filtered(filter: Uint8Array | null, descriptor = 3): string[] {
  return filter === null ? [] : ['--seccomp', String(descriptor)];
}

function none(text: string): Probed {
  const reaper = findReaper();
  return { layer: 'none', bwrap: '', filter: null, text: reaper === null ? `${text}; ${UNREAPED}` : text, reaper };
}

const UNREAPED = 'without perl or python3 on Linux, a process that forks twice and clears its environment can outlive the run';

/** The file of a program as a shell would find it; null where there is none that can be run. */
export function findProgram(program: string, path = process.env['PATH'] ?? ''): string | null {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return candidates.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
