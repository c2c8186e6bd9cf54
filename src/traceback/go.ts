import { at, failure, firstMatch, type Failure } from './lines.ts';

const FRAME = /^\t(\S+\.go):(\d+)(?: \+0x[\da-f]+)?$/;

/** The panic with the first of the project's own lines below it; else the first error of the compiler. */
export function goFailure(lines: readonly string[]): Failure | null {
  const isRunning = lines.some((line) => /^goroutine \d+ .*\[/.test(line));
  const index = isRunning ? lines.findIndex((line) => /^(panic|fatal error): /.test(line)) : -1;
  if (index >= 0) {
    const frames = lines.slice(index).flatMap((line) => {
      const [, file, number] = FRAME.exec(line) ?? [];
      return file === undefined || /\/src\/(runtime|testing|internal|sync)\//.test(file) ? [] : [{ file, number }];
    });
    return failure(`${(lines[index] ?? '').replace(/ \[recovered.*\]$/, '')}${at(frames[0]?.file, frames[0]?.number)}`);
  }
  const compile = firstMatch(lines, /^(?:vet: )?\.{0,2}\/?\S+\.go:\d+:\d+: .+/);
  return compile === null ? null : failure(compile[0]);
}
