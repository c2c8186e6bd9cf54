import { randomUUID } from 'node:crypto';
import type { ExecResult } from '../contract/context.ts';
import type { Redact } from '../redact.ts';
import { exec, MARKER, type SpawnOptions } from './exec.ts';
import { endAtOnce, sweepMarked } from './kill.ts';

/** The processes of one session of a run, so that all can be ended, even by a later session. */
export interface ProcessSession {
  readonly token: string;
  /** What a program gets that is not given an environment of its own. */
  readonly env: Readonly<Record<string, string>>;
  exec(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<ExecResult>;
  /** Kills everything at once, without waiting. */
  killAll(): void;
}

export function createProcessSession(
  token: string,
  { env, redact }: { readonly env: Readonly<Record<string, string>>; readonly redact: Redact },
): ProcessSession {
  const groups = new Map<number, { readonly isReaped: boolean }>();
  return {
    token,
    env,
    async exec(argv, options = {}) {
      let group: number | undefined;
      const isReaped = Boolean(options.reaper);
      const onStart = (pid: number) => groups.set((group = pid), { isReaped });
      try {
        return await exec(argv, { env, redact, ...options, marker: `${token}/${randomUUID()}`, onStart });
      } finally {
        if (group !== undefined) groups.delete(group);
      }
    },
    killAll() {
      for (const [group, how] of groups) endAtOnce(group, how);
      sweepMarked(`${MARKER}=${token}/`);
    },
  };
}

/** Kills what an earlier session that died left running; gives the number of processes found. */
export function endLeftovers(token: string): number {
  return sweepMarked(`${MARKER}=${token}/`);
}
