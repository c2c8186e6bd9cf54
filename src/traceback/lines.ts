import { stripVTControlCharacters } from 'node:util';

export interface Failure {
  readonly text: string;
  /** Does it only say that another program has failed? */
  readonly isEcho: boolean;
}

/** Looks for one family of messages; null where the output has none of it. */
export type Finder = (lines: readonly string[]) => Failure | null;

const ECHO =
  /\b(CalledProcessError|ChildFailedError|ProcessRaisedException|ProcessExitedException)\b|\bCommand failed\b|non-zero exit (status|code)/;

/** What a terminal would show in the end: without colours, and of lines that overwrite themselves the last state. */
export function toLines(output: string): readonly string[] {
  return stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trimEnd().split('\r').at(-1) ?? '')
    .map((line) => line.replace(/^\[(?:rank|default)\d+\]: ?/, ''));
}

export function failure(text: string): Failure {
  const line = text.replace(/\s+/g, ' ').trim();
  return { text: line, isEcho: ECHO.test(line) };
}

/** The first failure that does not only report another program's; else the first one. The caller chooses the order. */
export function preferCause(failures: readonly Failure[]): Failure | null {
  return failures.find(({ isEcho }) => !isEcho) ?? failures[0] ?? null;
}

/** ` (train.py:12)`: the file's own name is enough, since worktrees have long paths. */
export function at(file: string | undefined, line: string | undefined): string {
  return file === undefined || line === undefined ? '' : ` (${file.split(/[/\\]/).at(-1)}:${line})`;
}

/** The first line that matches. */
export function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | null {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return null;
}
