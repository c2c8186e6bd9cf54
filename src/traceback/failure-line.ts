/** The line of a failed program's output that a person would pick to say why it failed. */
import { compilerFailure, nativeFailure, sanitizerFailure } from './native.ts';
import { goFailure } from './go.ts';
import { javascriptFailure } from './javascript.ts';
import { jvmFailure } from './jvm.ts';
import { lastSaid } from './last-said.ts';
import { toLines, type Finder } from './lines.ts';
import { pythonFailure } from './python.ts';
import { rustFailure } from './rust.ts';

/** The program that fails first is most often written in one of the first of these, and started by one of the later ones. */
const FINDERS: readonly Finder[] = [
  sanitizerFailure,
  pythonFailure,
  jvmFailure,
  rustFailure,
  goFailure,
  javascriptFailure,
  nativeFailure,
  compilerFailure,
];

const MOST = 300;

/** At most 300 characters; empty when the output says nothing. */
export function failureLine(output: string): string {
  const lines = toLines(output);
  const found = FINDERS.map((find) => find(lines)).filter((failure) => failure !== null);
  // A line that says only that a started program failed gives no reason.
  const cause = found.find(({ isEcho }) => !isEcho);
  const line = cause?.text ?? (lastSaid(lines) || found[0]?.text) ?? '';
  return line.length > MOST ? `${line.slice(0, MOST - 1).trimEnd()}…` : line;
}
