/** Named constants whose values a diff changes: the parameters of a change whose agent names none. */
import { listConstants, type Constant } from '../literals/constants.ts';
import type { Scalar } from '../experiment.ts';

export interface Knob {
  readonly path: string;
  readonly name: string;
  /** The value in added lines. */
  readonly value: Scalar;
  /** The value in removed lines. */
  readonly before: Scalar;
}

/** A diff that changes more constants is a rewrite, and has none here. */
const MOST_LINES = 400;
const MOST_KNOBS = 20;
const LONGEST_TEXT = 60;

/** Of a diff as `git diff` prints it: constants that both sides have, once each, with another value after it. */
export function knobsIn(diff: string): Knob[] {
  const files = diff.split(/^diff --git /m).slice(1);
  return files.flatMap(knobsOfFile).slice(0, MOST_KNOBS);
}

function knobsOfFile(text: string): Knob[] {
  const path = /^\+\+\+ b\/(.+)$/m.exec(text)?.[1];
  if (path === undefined || text.length > MOST_LINES * 200) return [];
  const found = text
    .split(/^@@[^\n]*\n/m)
    .slice(1)
    .flatMap((hunk) => knobsOfHunk(path, hunk.split('\n')));
  // A name that changes in two places would be two parameters with one name.
  return found.filter(({ name }, at) => found.findIndex((other) => other.name === name && other !== found[at]) < 0);
}

function knobsOfHunk(path: string, lines: readonly string[]): Knob[] {
  if (lines.length > MOST_LINES) return [];
  const side = (other: string): ReadonlyMap<string, Constant> => {
    const text = dedent(
      lines.filter((line) => line !== '' && !line.startsWith(other) && !line.startsWith('\\')).map((line) => line.slice(1)),
    );
    return new Map(listConstants(path, text).map((constant) => [constant.name, constant]));
  };
  const [before, after] = [side('+'), side('-')];
  return [...after.values()].flatMap(({ name, value }) => {
    const old = before.get(name);
    const isShort = typeof value !== 'string' || value.length <= LONGEST_TEXT;
    return old === undefined || old.value === value || typeof old.value !== typeof value || !isShort
      ? []
      : [{ path, name, value, before: old.value }];
  });
}

/** Removes the common indentation, since a hunk may begin in the middle of a block. */
function dedent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents, Infinity);
  return lines.map((line) => line.slice(Number.isFinite(least) ? least : 0)).join('\n');
}
