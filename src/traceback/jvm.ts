import { at, failure, firstMatch, type Failure } from './lines.ts';

const THROWN = /^(?:Exception in thread "[^"]*" |Unhandled exception\. )((?:[\w$]+\.)+[\w$]+(?::.*)?)$/;
const FRAME = /^\s+at (?:[\w./$<>]+)\((\w+\.(?:java|kt|scala|groovy)):(\d+)\)/;

/** The root cause of the exception that ended a program on the JVM or on .NET. */
export function jvmFailure(lines: readonly string[]): Failure | null {
  const index = lines.findIndex((line) => THROWN.test(line));
  const thrown = THROWN.exec(lines[index] ?? '')?.[1];
  if (thrown !== undefined) {
    const cause = lines.findLastIndex((line, at) => at > index && /^\s*(?:Caused by: |---> )/.test(line));
    const from = cause < 0 ? index : cause;
    const said = cause < 0 ? thrown : (lines[cause] ?? '').replace(/^\s*(?:Caused by: |---> )/, '');
    const [, file, line] = firstMatch(lines.slice(from + 1, from + 12), FRAME) ?? [];
    return failure(`${said}${at(file, line)}`);
  }
  if (lines.some((line) => line.startsWith('# A fatal error has been detected by the Java Runtime'))) {
    const signal = firstMatch(lines, /^#\s+(SIG\w+ .*|EXCEPTION_\w+.*|Out of Memory Error.*)$/)?.[1];
    return failure(`the Java virtual machine crashed${signal === undefined ? '' : `: ${signal.replace(/, pid=.*$/, '')}`}`);
  }
  const wrong = lines.findIndex((line) => line === '* What went wrong:');
  if (wrong >= 0) return failure(lines.slice(wrong + 1).find((line) => line.trim() !== '') ?? '');
  const start = firstMatch(lines, /^Error: (?:Could not find or load main class|Unable to access jarfile|Main method not found).*/);
  if (start) return failure(start[0]);
  const maven = firstMatch(lines, /^\[ERROR\] (?!COMPILATION ERROR|$)(.+)/)?.[1];
  return maven === undefined ? null : failure(maven);
}
