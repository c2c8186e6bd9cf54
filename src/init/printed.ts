/** Figures that a trial prints: `name: value`, `name=value`, and the tables of benchmarks. */

export interface Printed {
  readonly name: string;
  /** A regular expression for the regex metric: its first group is the number. */
  readonly pattern: string;
  /** How often it is printed; null where the program was not run. */
  readonly times: number | null;
  /** The last value; null where the program was not run. */
  readonly value: number | null;
}

/** Wider than a number, which the metric itself checks, and easier to read in a config. */
const IN_CONFIG = String.raw`([-+\d.eE]+)`;
const NUMBER = String.raw`[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const LINE = new RegExp(String.raw`^\s*([A-Za-z][\w .%/@()-]{0,40}?)(\s*[:=]\s*|\s{2,}|\t)(${NUMBER})\s*(%|[a-zA-Zµ/]{1,12})?\s*$`);
const BARE = new RegExp(String.raw`^\s*([A-Za-z][\w%/@-]{1,40})(\s+)(${NUMBER})\s*(%|[a-zA-Zµ/]{1,12})?\s*$`);
const PAIR = new RegExp(String.raw`(?:^|[\s,;|(])([A-Za-z][\w/@-]{0,40})\s*([:=])\s*(${NUMBER})(?=[\s,;|)%]|[a-z]{1,3}\b|$)`, 'g');
const GO_BENCH = /^(Benchmark\w+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op/;

/** As scripts for pi-autoresearch print theirs. */
const NAMED_METRIC = new RegExp(String.raw`^\s*METRIC\s+([\w./@-]+)\s*=\s*(${NUMBER})\s*$`);

/** Every figure of an output, each name once, in the order of their last lines. */
export function printedBy(output: string): Printed[] {
  const found = new Map<string, Printed>();
  for (const line of output.split('\n')) {
    for (const { name, pattern, value } of figuresIn(line)) {
      const times = (found.get(name)?.times ?? 0) + 1;
      found.delete(name);
      found.set(name, { name, pattern, times, value });
    }
  }
  return [...found.values()];
}

interface Figure {
  readonly name: string;
  readonly pattern: string;
  readonly value: number;
}

function figuresIn(line: string): Figure[] {
  const go = GO_BENCH.exec(line);
  if (go) return [figure(`${go[1]} ns/op`, String.raw`^${go[1]}(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`, go[2])];
  const metric = NAMED_METRIC.exec(line);
  if (metric?.[1] !== undefined) return [figure(metric[1], String.raw`^\s*METRIC\s+${escape(metric[1])}\s*=\s*${IN_CONFIG}`, metric[2])];
  const [, name, between, value] = LINE.exec(line) ?? BARE.exec(line) ?? [];
  if (name !== undefined && between !== undefined) return [figure(name.trim(), lineOf(name.trim(), between), value)];
  return [...line.matchAll(PAIR)].map(([, label = '', sign = '=', number]) =>
    figure(label, String.raw`\b${escape(label)}\s*${sign}\s*${IN_CONFIG}`, number),
  );
}

/** The pattern for a line that holds nothing but this figure. */
export function lineOf(name: string, between: string): string {
  const sign = between.trim();
  return `^\\s*${escape(name)}${sign === '' ? String.raw`\s+` : String.raw`\s*${sign}\s*`}${IN_CONFIG}`;
}

function figure(name: string, pattern: string, value = ''): Figure {
  return { name, pattern, value: Number(value.replaceAll('_', '')) };
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
}
