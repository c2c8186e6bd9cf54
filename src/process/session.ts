import { randomUUID } from 'node:crypto';
import type { ExecOptions, ExecResult } from '../plugin.ts';
import { exec, MARKER } from './exec.ts';
import { sweepGroup, sweepMarked } from './kill.ts';

/** The processes of one session of a run, so that all can be ended, even by a later session. */
export interface ProcessSession {
  readonly token: string;
  exec(argv: readonly [string, ...string[]], options?: ExecOptions): Promise<ExecResult>;
  /** Kills everything at once, without waiting. */
  killAll(): void;
}

/** `env` is what a program gets that is not given an environment of its own. */
export function createProcessSession(token: string, env: Readonly<Record<string, string>>): ProcessSession {
  const groups = new Set<number>();
  return {
    token,
    async exec(argv, options = {}) {
      let group: number | undefined;
      const onStart = (pid: number) => groups.add((group = pid));
      try {
        return await exec(argv, { env, ...options, marker: `${token}/${randomUUID()}`, onStart });
      } finally {
        if (group !== undefined) groups.delete(group);
      }
    },
    killAll() {
      for (const group of groups) sweepGroup(group);
      sweepMarked(`${MARKER}=${token}/`);
    },
  };
}

/** Kills what an earlier session that died left running; gives the number of processes found. */
export function endLeftovers(token: string): number {
  return sweepMarked(`${MARKER}=${token}/`);
}
