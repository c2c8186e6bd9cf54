import { AutoresearchError } from '../errors.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The requested name, if it is valid and free; else today's date, with a number if that is taken. */
export function chooseRunName(asked: string | undefined, taken: readonly string[], today = new Date()): string {
  if (asked !== undefined) {
    // It becomes part of the names of refs, so it must be what git allows there.
    if (!NAME.test(asked) || /\.$|\.lock$|\.\./.test(asked)) {
      throw new AutoresearchError('USAGE', `"${asked}" cannot be the name of a run`, {
        hint: 'use letters, digits, ".", "_" and "-", such as mar5-wide',
      });
    }
    if (taken.includes(asked)) {
      throw new AutoresearchError('RUN_EXISTS', `there is a run "${asked}" already`, {
        hint: `go on with it: autoresearch resume ${asked}; or start another: autoresearch run --name ${freeName(asked, taken)}`,
      });
    }
    return asked;
  }
  return freeName(today.toISOString().slice(0, 10), taken);
}

/** The name itself, or with the first number that makes it free. */
function freeName(base: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(name)) return name;
  }
}
