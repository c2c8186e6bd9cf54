import { at, failure, type Failure } from './lines.ts';

const PANIC = /^thread '[^']*'(?: \(\d+\))? panicked at (.*)$/;
const COMPILE = /^error(?:\[E\d+\])?: (?!could not compile|aborting due|test failed|process didn't exit|failed to run custom build)/;

/** The first panic, since later ones tend to follow from it; else the first error of the compiler. */
export function rustFailure(lines: readonly string[]): Failure | null {
  const index = lines.findIndex((line) => PANIC.test(line));
  const where = PANIC.exec(lines[index] ?? '')?.[1];
  if (where !== undefined) {
    const [, before, oldFile, oldLine] = /^'(.*)', (\S+?):(\d+)(?::\d+)?$/.exec(where) ?? [];
    if (before !== undefined) return failure(`panic: ${before}${at(oldFile, oldLine)}`);
    const [, file, line] = /^(\S+?):(\d+):\d+:$/.exec(where) ?? [];
    return failure(`panic: ${lines[index + 1] ?? ''}${at(file, line)}`);
  }
  if (!lines.some((line) => /^\s+--> \S+:\d+:\d+|^error: could not compile|^error: failed to parse manifest/.test(line))) return null;
  const error = lines.findIndex((line) => COMPILE.test(line));
  if (error < 0) return null;
  const place = lines.slice(error + 1, error + 4).find((line) => line.includes('-->'));
  const [, file, line] = /--> (\S+?):(\d+)/.exec(place ?? '') ?? [];
  return failure(`${lines[error]}${at(file, line)}`);
}
