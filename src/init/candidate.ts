/** A command that may be the trial: it trains, or measures, and prints a number. */
export interface Candidate {
  readonly run: readonly string[];
  /** Where it was found, for people. */
  readonly from: string;
  /** The file it starts, where that is known. */
  readonly file: string | null;
  /** Files that hold what it works with; the first is what a change would most likely touch. */
  readonly sources: readonly string[];
  /** Is it a shell's line rather than a program with arguments? */
  readonly shell?: boolean;
  /** How much its name speaks for it: the highest is offered first. */
  readonly weight: number;
  /** What the config must contain for its language. */
  readonly needs?: Needs;
}

export interface Needs {
  readonly link?: readonly string[];
  readonly readable?: readonly string[];
  readonly writable?: readonly string[];
  readonly outputs?: readonly string[];
}

const WEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/train/i, 10],
  [/bench|perf/i, 9],
  [/fit(_|-|\b)|finetune|experiment/i, 8],
  [/eval|measure|score|validate|(^|[^a-z])size/i, 7],
  [/^(main|run|model|app|index|start)$/i, 4],
];

/** How much a name says that this is what is to be improved. Tests, builds and servers are not. */
export function weightOf(name: string): number {
  if (/test|spec|lint|format|build|clean|install|serve|dev|deploy|setup|conftest|__init__|migrat|docs?$/i.test(name)) return 0;
  return WEIGHTS.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
}
