/**
 * Where there is no /proc (macOS): what `ps` and `lsof` tell of processes. `ps` shows the environment of the user's own
 * processes only, and on macOS not that of the system's own programs.
 */
import { spawnSync } from 'node:child_process';

/** With the environment behind the command. The two systems spell that differently. */
const WITH_ENVIRONMENT = process.platform === 'linux' ? ['axeww', '-o', 'pid=,args='] : ['-A', '-E', '-ww', '-o', 'pid=,command='];

/** When a process began, in the words of `ps`; null when it is gone. */
export function startedByPs(pid: number): string | null {
  return ask('ps', ['-o', 'lstart=', '-p', String(pid)]).trim() || null;
}

/** Processes that were started with `marker` in their environment, such as `NAME=` or, with its end, `NAME=value\0`. */
export function markedByPs(marker: string): number[] {
  const text = ` ${marker.replace('\0', ' ')}`;
  return ask('ps', WITH_ENVIRONMENT)
    .split('\n')
    .filter((line) => `${line} `.includes(text))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid > 0 && pid !== process.pid);
}

/** The folder and the name of each of these processes that still runs. */
export function foldersByLsof(pids: readonly number[]): { readonly pid: number; readonly command: string; readonly cwd: string }[] {
  if (pids.length === 0) return [];
  // A line for each field: p is the process, c its command, n the name of what is open, here the folder.
  return ask('lsof', ['-a', '-d', 'cwd', '-p', pids.join(','), '-F', 'pcn'])
    .split(/^p/m)
    .slice(1)
    .map((block) => ({
      pid: Number.parseInt(block, 10),
      command: /^c(.*)$/m.exec(block)?.[1] ?? '',
      cwd: /^n(.*)$/m.exec(block)?.[1] ?? '',
    }));
}

/** Empty if the program is missing. Its exit code is not asked: both end with 1 where only some of it was found. */
function ask(program: string, args: readonly string[]): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } });
  return stdout ?? '';
}
