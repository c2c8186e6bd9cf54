import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

interface Start {
  readonly program: string;
  readonly cwd: string;
  /** Where programs without a slash are looked for. */
  readonly path?: string | undefined;
  /** What the system said, such as ENOENT. */
  readonly code: string;
}

/** Why a program could not be started, in words for the person who named it. */
export function startProblem({ program, cwd, path, code }: Start): string {
  const isFile = program.includes('/');
  const file = isFile
    ? resolve(cwd, program)
    : (path ?? process.env['PATH'] ?? '')
        .split(delimiter)
        .map((folder) => join(folder, program))
        .find(isThere);
  if (file === undefined || !isThere(file))
    return isFile ? `there is no ${program}${isAbsolute(program) ? '' : ' in the worktree'}` : `there is no program ${program} on the PATH`;
  if (statSync(file).isDirectory()) return `${program} is a folder`;
  if (!mayRun(file)) return `${program} is not executable: chmod +x ${program}, and commit that`;
  const interpreter = interpreterOf(file);
  if (code === 'ENOENT' && interpreter !== null) return `${program} asks for ${interpreter} in its first line, which is not there`;
  if (code === 'ENOEXEC') return `${program} is no program for this machine, and has no #! line that says what runs it`;
  return `${program} could not be started (${code})`;
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program that a script's first line names; null where it names none. */
function interpreterOf(file: string): string | null {
  const start = Buffer.alloc(200);
  try {
    const handle = openSync(file, 'r');
    try {
      readSync(handle, start, 0, start.length, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
  return /^#!\s*(\S+)/.exec(start.toString('latin1'))?.[1] ?? null;
}
