import { constants } from 'node:os';
import { AutoresearchError, messageOf, type ErrorCode } from './errors.ts';

/** A state of the machine or of git that is not a bug in autoresearch, recognised by the error code of a system call or by git's message. */
interface State {
  readonly code: ErrorCode;
  readonly errnos: readonly string[];
  readonly words: RegExp;
  readonly text: string;
  readonly hint: string;
}

const AGAIN = 'nothing is lost; then: autoresearch resume';

/** The first that fits is taken: what git says last is often a consequence. */
const STATES: readonly State[] = [
  {
    code: 'GIT_FOREIGN_OWNER',
    errnos: [],
    words: /dubious ownership/,
    text: 'git does not work in a folder of another user',
    hint: 'work as the user it belongs to, or, if you trust that user: git config --global --add safe.directory FOLDER',
  },
  {
    code: 'GIT_LFS_MISSING',
    errnos: [],
    words: /git-lfs\b.*(not found|No such file|Permission denied|failed)|external filter '?git-lfs/,
    text: 'the repository keeps files with git-lfs, which is not installed here',
    hint: 'install git-lfs, then: git lfs install && git lfs pull',
  },
  {
    code: 'DISK_FULL',
    errnos: ['ENOSPC', 'EDQUOT'],
    words: /No space left on device|Disk quota exceeded|Out of diskspace/,
    text: 'the disk is full, or your share of it',
    hint: `make room; ${AGAIN}`,
  },
  {
    code: 'DISK_READ_ONLY',
    errnos: ['EROFS'],
    words: /Read-only file system/,
    text: 'the file system is read-only',
    hint: `see why (dmesg, mount), and make it writable; ${AGAIN}`,
  },
  {
    code: 'DISK_FAILING',
    errnos: ['EIO'],
    words: /Input\/output error/,
    text: 'the disk gave an error',
    hint: `see what the system says of it (dmesg); ${AGAIN}`,
  },
  {
    code: 'TOO_MANY_FILES',
    errnos: ['EMFILE', 'ENFILE'],
    words: /Too many open files/,
    text: 'too many files are open',
    hint: `raise the limit (ulimit -n 4096), or close other programs; ${AGAIN}`,
  },
  {
    code: 'TOO_MANY_PROCESSES',
    errnos: ['EAGAIN'],
    words: /Resource temporarily unavailable|unable to create (async )?thread|cannot fork/,
    text: 'the machine starts no more processes for this user',
    hint: `end others, or raise the limit (ulimit -u); ${AGAIN}`,
  },
  {
    code: 'NO_MEMORY',
    errnos: ['ENOMEM'],
    words: /Cannot allocate memory|out of memory/i,
    text: 'the machine has no memory left',
    hint: `end other programs; ${AGAIN}`,
  },
  {
    code: 'GIT_LOCKED',
    errnos: [],
    words: /\.lock': File exists/,
    text: 'a lock file of git is in the way',
    hint: 'autoresearch doctor says whose it is, and removes it if it is stale',
  },
  {
    code: 'GIT_WORKTREE_BROKEN',
    errnos: [],
    words: /failed to read .*worktrees\/.*(commondir|gitdir|HEAD)/,
    text: 'git has a worktree here that a kill or a full disk left half made',
    hint: 'autoresearch doctor --fix removes those of runs',
  },
  {
    code: 'GIT_OBJECTS_MISSING',
    errnos: [],
    words:
      /bad object|unable to read (tree|sha1|oid)|missing (blob|tree|commit|object)|[Cc]ould not (parse|read) (object|commit)|invalid object|unable to find [0-9a-f]{40}/,
    text: 'the repository has lost objects of the run',
    hint: 'do not run `git gc --prune=now` or `git prune` beside a run; autoresearch verify says what is left',
  },
  {
    code: 'NO_PERMISSION',
    errnos: ['EACCES', 'EPERM'],
    words: /Permission denied|Operation not permitted|insufficient permission/,
    text: 'a file or folder may not be read or written',
    hint: 'see whose it is (ls -ld); it must belong to the user who runs autoresearch',
  },
];

/** States of the whole machine, whatever program meets them. */
const OF_THE_MACHINE: ReadonlySet<ErrorCode> = new Set(['DISK_FULL', 'DISK_FAILING', 'TOO_MANY_FILES', 'TOO_MANY_PROCESSES', 'NO_MEMORY']);

/** A failed system call as a known error; null for anything else. */
export function errorOfMachine(error: unknown): AutoresearchError | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  // Node has no name for some numbers, such as that of a used up disk quota.
  const errno = 'errno' in error ? Math.abs(Number(error.errno)) : 0;
  const isMeant = (name: string) => name === error.code || (errno > 0 && errnoOf(name) === errno);
  // `rmSync` gives neither name nor number where it removes a folder, only the words of the system.
  const isUnnamed = error.code === '';
  const state = STATES.find(({ errnos, words }) => errnos.some(isMeant) || (isUnnamed && words.test(error.message)));
  return state ? new AutoresearchError(state.code, `${state.text}: ${messageOf(error)}`, { hint: state.hint, cause: error }) : null;
}

function errnoOf(name: string): number | undefined {
  return (constants.errno as Readonly<Record<string, number>>)[name];
}

/** A git failure as a known error; null if git's own message is all that is known. */
export function errorOfGit(command: string, cwd: string, said: string): AutoresearchError | null {
  const state = STATES.find(({ words }) => words.test(said));
  if (state === undefined) return null;
  const line = said.split('\n').find((text) => state.words.test(text)) ?? said;
  const hint = state.code === 'GIT_FOREIGN_OWNER' ? state.hint.replace('FOLDER', /at '(.+)'/.exec(said)?.[1] ?? cwd) : state.hint;
  return new AutoresearchError(state.code, `${state.text}: ${command} in ${cwd}: ${line.trim()}`, { hint });
}

/** Did the machine fail, and not the plugin that reported it? */
export function isOfMachine(error: AutoresearchError | null): error is AutoresearchError {
  return error !== null && OF_THE_MACHINE.has(error.code);
}
