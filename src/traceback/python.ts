import { at, failure, preferCause, type Failure } from './lines.ts';

const START = /Traceback \(most recent call last\):$/;
const FRAME = /^[\s|]*File "([^"]+)", line (\d+)/;
const LIBRARY = /site-packages|dist-packages|[/\\]lib[/\\]python\d|^<frozen|^<string>/;
const GROUP = /^\s+(?:\| ?)+(?=\S)/;

/** The exception of the last traceback, with the last line of the project's own code on the way to it. */
export function pythonFailure(lines: readonly string[]): Failure | null {
  const raised = lines.flatMap((line, index) => (START.test(line) ? exceptionAfter(lines, index) : []));
  if (raised.length > 0) return preferCause(raised.toReversed());
  const syntax = lines.findLastIndex((line) => /^(SyntaxError|IndentationError|TabError): /.test(line));
  if (syntax >= 0 && lines.slice(0, syntax).some((line) => FRAME.test(line)))
    return failure(`${lines[syntax]}${placeIn(lines.slice(0, syntax))}`);
  const fatal = lines.find((line) => line.startsWith('Fatal Python error: '));
  return fatal === undefined ? null : failure(fatal);
}

function exceptionAfter(lines: readonly string[], start: number): Failure[] {
  const isGroup = lines[start]?.includes('Exception Group Traceback') === true;
  const ends = (line: string) => (isGroup ? GROUP.test(line) && !/^\s+\|\s{2,}/.test(line) : /^\S/.test(line));
  const end = lines.findIndex((line, index) => index > start && ends(line));
  if (end < 0) return [];
  const said = (lines[end] ?? '').replace(GROUP, '');
  const frames = lines.slice(start, end);
  // `AssertionError` alone says nothing; what was asserted does.
  const source = /^[\w.]+$/.test(said) ? frames.findLast((line) => /^\s+\S/.test(line) && !/^[\s^~]+$/.test(line))?.trim() : undefined;
  const first = isGroup ? lines.slice(end + 1).find((line) => GROUP.test(line) && /^[\w.]+(:|$)/.test(line.replace(GROUP, ''))) : undefined;
  const more = first?.replace(GROUP, '') ?? (source === undefined || FRAME.test(source) ? undefined : source);
  return [failure(`${said}${more === undefined ? '' : `: ${more}`}${placeIn(frames)}`)];
}

function placeIn(frames: readonly string[]): string {
  const places = frames.flatMap((line) => {
    const [, file, number] = FRAME.exec(line) ?? [];
    return file === undefined ? [] : [{ file, number }];
  });
  const place = places.findLast(({ file }) => !LIBRARY.test(file)) ?? places.at(-1);
  return at(place?.file, place?.number);
}
