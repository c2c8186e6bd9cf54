import { readPath } from './path-bytes.ts';
import type { Change, ChangeKind } from '../experiment.ts';

const SYMLINK = '120000';
const GITLINK = '160000';

/** What `git status --porcelain=v2 -z --no-renames` says, read as latin1: changed paths, and ignored ones apart. */
export function parseStatus(out: string): { changes: Change[]; untracked: string[]; ignored: string[] } {
  const changes: Change[] = [];
  const untracked: string[] = [];
  const ignored: string[] = [];
  for (const entry of out.split('\0')) {
    const kind = entry[0];
    if (kind === '?') untracked.push(readPath(entry.slice(2)));
    else if (kind === '!') ignored.push(readPath(entry.slice(2)));
    else if (kind === '1') changes.push(parseTracked(entry, 8));
    else if (kind === 'u') changes.push({ path: fieldsFrom(entry, 10), kind: 'modified' });
  }
  return { changes, untracked, ignored };
}

/** `1 XY sub mH mI mW hH hI path`: modes of HEAD, index and worktree, then the path. */
function parseTracked(entry: string, pathField: number): Change {
  const [, xy = '', sub = '', head = '', , work = ''] = entry.split(' ', pathField);
  const path = fieldsFrom(entry, pathField);
  return { path, kind: kindOf(xy, sub, head, work) };
}

function kindOf(xy: string, sub: string, head: string, work: string): ChangeKind {
  if (sub.startsWith('S') || head === GITLINK || work === GITLINK) return 'repository';
  if (work === '000000' || xy[1] === 'D') return 'deleted';
  if (work === SYMLINK || head === SYMLINK) return 'symlink';
  if (xy.includes('T')) return 'type';
  if (head === '000000') return 'added';
  return head === work ? 'modified' : 'mode';
}

/** The rest of the entry from the n-th field on: a path may hold spaces. */
function fieldsFrom(entry: string, n: number): string {
  let at = 0;
  for (let field = 0; field < n; field++) at = entry.indexOf(' ', at) + 1;
  return readPath(entry.slice(at));
}
