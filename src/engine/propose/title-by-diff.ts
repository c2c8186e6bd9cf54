/** What a change without a report is called: what it does, read off its diff. */
import type { Change } from '../../experiment.ts';

const MOST = 100;
const ASSIGNED =
  /^\s*(?:(?:export |pub |static |final |const |let |var |val |#define )+)?([\w.$-]+)\s*(?::[^=]*?)?(?:=|:=|:|\s)\s*(.+?)[;,]?\s*(?:(?:#|\/\/).*)?$/;

/** `diff` is what `git diff -U0` prints of the files that git knew before. */
export function titleByDiff(changes: readonly Change[], diff: string): string {
  const files = filesOf(diff);
  const [only] = files;
  if (changes.length === 1 && files.length === 1 && only && only.removed.length === 1 && only.added.length === 1) {
    return cut(oneLine(only.path, only.removed[0] ?? '', only.added[0] ?? ''));
  }
  return cut(
    changes
      .slice(0, 3)
      .map((change) => said(change, files))
      .join(', ') + (changes.length > 3 ? ` and ${changes.length - 3} more` : ''),
  );
}

function oneLine(path: string, before: string, after: string): string {
  const [, name, old] = ASSIGNED.exec(before) ?? [];
  const [, same, now] = ASSIGNED.exec(after) ?? [];
  if (name !== undefined && name === same && old !== now) return `${name} ${old} → ${now}`;
  return `${path}: ${after.trim() || `without ${before.trim()}`}`;
}

function said({ path, kind }: Change, files: readonly FileDiff[]): string {
  if (kind === 'deleted') return `delete ${path}`;
  const found = files.find((file) => file.path === path || file.path.endsWith(`/${path}`));
  if (found === undefined) return `${kind === 'added' ? 'add' : 'change'} ${path}`;
  return `${kind === 'added' ? 'add ' : ''}${path} +${found.added.length} −${found.removed.length}`;
}

interface FileDiff {
  readonly path: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

function filesOf(diff: string): FileDiff[] {
  return diff
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...hunks] = part.split(/^@@ .*$/m);
      const path = /^\+\+\+ b\/(.*)$/m.exec(head)?.[1] ?? /^--- a\/(.*)$/m.exec(head)?.[1] ?? '';
      const lines = hunks.flatMap((hunk) => hunk.split('\n').slice(1));
      const starting = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
      return { path: path.replace(/\t$/, ''), added: starting('+'), removed: starting('-') };
    });
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST - 1).trimEnd()}…` : line;
}
