import { at, failure, firstMatch, preferCause, type Failure } from './lines.ts';

const FRAME = /^\s+at .*?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+|[^\s():]+\.[cm]?[jt]sx?):(\d+):\d+\)?/;
const STACK = /^\s+at \S/;
const HEAD = /^(?:error: )?(?:Uncaught )?(?:\(in promise\) )?([A-Z][\w$.]*(?: \[[A-Z_\d]+\])?(?::.*)?)$/;
const NAMED = /(?:Error|Exception|Rejection|Fault)\b/;

/** The error that ended a Node, Deno or Bun program, with where it was thrown. */
export function javascriptFailure(lines: readonly string[]): Failure | null {
  const memory = lines.find((line) => line.startsWith('FATAL ERROR: '));
  if (memory !== undefined) return failure(memory);
  const rejected = firstMatch(lines, /rejected with the reason "(.*)"\.\]?/)?.[1];
  if (rejected !== undefined) return failure(`a promise was rejected: ${rejected}`);
  const thrown = lines.flatMap((line, index) => (isHead(lines, index) ? [headline(lines, index, line)] : []));
  return preferCause(thrown.toReversed()) ?? thrownValue(lines);
}

function isHead(lines: readonly string[], index: number): boolean {
  const name = HEAD.exec(lines[index] ?? '')?.[1];
  if (name === undefined || !NAMED.test(name)) return false;
  const stack = lines.findIndex((line, at) => at > index && STACK.test(line));
  const next = lines.findIndex((_line, at) => at > index && HEAD.test(lines[at] ?? '') && NAMED.test(lines[at] ?? ''));
  return stack >= 0 && (next < 0 || stack < next);
}

function headline(lines: readonly string[], index: number, line: string): Failure {
  const said = HEAD.exec(line)?.[1] ?? line;
  const stack = lines.findIndex((each, at) => at > index && STACK.test(each));
  // `Expected values to be strictly equal:` goes on below.
  const more = said.endsWith(':') ? lines.slice(index + 1, stack).find((each) => /^\s*[\w'"[]/.test(each)) : undefined;
  const frames = lines.slice(stack, stack + 12);
  const own = frames.find((each) => FRAME.test(each) && !/node:|node_modules/.test(each));
  const [, file, number] = FRAME.exec(own ?? '') ?? sourceShown(lines, index) ?? [];
  const cause = lines.slice(stack).find((each) => /^\s+\[cause\]: /.test(each));
  const because = cause === undefined ? '' : `; cause: ${cause.replace(/^\s+\[cause\]: /, '')}`;
  return failure(`${said}${more === undefined ? '' : ` ${more.trim()}`}${at(file, number)}${because}`);
}

/** Of a syntax error no frame tells the file, but what Node shows above it does. */
function sourceShown(lines: readonly string[], index: number): RegExpExecArray | null {
  const shown = lines.slice(Math.max(0, index - 6), index).findLast((line) => /^(?:file:\/\/)?\/\S+:\d+$/.test(line));
  return /([^:]+):(\d+)$/.exec(shown ?? '');
}

/** What is thrown need not be an error: Node then shows the source line, a caret and the value. */
function thrownValue(lines: readonly string[]): Failure | null {
  const end = lines.findLastIndex((line) => /^Node\.js v\d/.test(line));
  if (end < 0) return null;
  const caret = lines.findLastIndex((line, index) => index < end && /^\s*\^+$/.test(line));
  const said = lines.slice(caret + 1, end).find((line) => line.trim() !== '' && !STACK.test(line) && !line.startsWith('(Use `node'));
  if (caret < 0 || said === undefined) return null;
  return failure(said.replace(/^Uncaught:?\s*/, '') || said);
}
