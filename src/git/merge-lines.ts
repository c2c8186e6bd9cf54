/** Larger files are left to git. */
const MOST_BYTES = 256 * 1024;

interface Sides {
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/** The lines from `from` up to `to` of the base, and what a side has in their place. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * Merges two changes of one file, each of which is one run of lines: the merged file where an unchanged line lies between the two,
 * `conflict` where both put another line in place of the same one. Null where git must say.
 */
export function mergeLines({ base, ours, theirs }: Sides): Buffer | 'conflict' | null {
  if ([base, ours, theirs].some((content) => content.length > MOST_BYTES || content.includes(0))) return null;
  const lines = linesOf(base);
  const [here, there] = [runOf(lines, linesOf(ours)), runOf(lines, linesOf(theirs))];
  const [first, second] = here.from <= there.from ? [here, there] : [there, here];
  if (first.to < second.from && [first, second].every((run) => isFixed(lines, run))) {
    const merged = [...lines.slice(0, first.from), ...first.lines, ...lines.slice(first.to, second.from), ...second.lines];
    return Buffer.from([...merged, ...lines.slice(second.to)].join(''), 'latin1');
  }
  const isSameLine = here.from === there.from && [here, there].every((run) => run.to === run.from + 1 && run.lines.length === 1);
  const [a, b] = [here.lines[0], there.lines[0]];
  // A line that the base has elsewhere may be taken for that one, which is then no conflict here.
  return isSameLine && a !== b && !lines.some((line) => line === a || line === b) ? 'conflict' : null;
}

/** Where a side differs from the base, from its first to its last other line. */
function runOf(base: readonly string[], side: readonly string[]): Run {
  const shorter = Math.min(base.length, side.length);
  let head = 0;
  while (head < shorter && base[head] === side[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base.at(-1 - tail) === side.at(-1 - tail)) tail++;
  return { from: head, to: base.length - tail, lines: side.slice(head, side.length - tail) };
}

/** Is there but one place for it? A run beside which one of its lines stands again could be said to lie elsewhere. */
function isFixed(base: readonly string[], { from, to, lines }: Run): boolean {
  const own = new Set([...base.slice(from, to), ...lines]);
  return [base[from - 1], base[to]].every((line) => line === undefined || !own.has(line));
}

/** Each with its line end, where it has one; one character a byte. */
function linesOf(content: Buffer): string[] {
  return content.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
