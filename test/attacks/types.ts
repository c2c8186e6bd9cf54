/** The words of the table of attacks. */

/** What keeps agents and trials in; `none` is what there is where bwrap does not work. */
export const LAYERS = ['bwrap', 'none'] as const;
export type Layer = (typeof LAYERS)[number];

/** Where a number comes from, from the least to the most trustworthy. */
export const LEVELS = {
  printed: 'printed by the candidate',
  files: 'read from its files',
  beside: 'printed by a protected file, run in the same trial',
  apart: 'evaluated apart',
  sealed: 'evaluated apart, with sealed answers',
} as const;
export type Level = keyof typeof LEVELS;

export const RESULTS = {
  held: 'the attack has no effect',
  found: 'it is noticed afterwards: the experiment is discarded, and every file restored',
  told: 'it changes something that the user may change too: the run reports it with the former content, and undoes nothing',
  succeeds: 'the attack works',
} as const;
export type Result = keyof typeof RESULTS;

export interface Attack {
  /** Goes on from "a candidate that …", "an agent that …", "a text that …". */
  readonly name: string;
  readonly where: 'candidate' | 'agent' | 'text';
  /** Shell. A candidate runs it before it does its work, an agent before it proposes an honest change. */
  readonly script: string;
  /** Where the result depends on where the number comes from; without it the attack is after something else than the number. */
  readonly levels?: readonly Level[];
  readonly lab?: LabOptions;
  /** It needs an engine that root has started; anybody else may not read those files anyway. */
  readonly isOfRoot?: true;
  readonly expected: Readonly<Record<Layer, Result | Partial<Record<Level, Result>>>>;
  /** Plays it in another way than as one run. */
  readonly play?: (cell: Cell, folder: string) => Promise<Played>;
}

export interface LabOptions {
  /** A slow evaluator looks at the candidate's output twice; `python` is the same as the one in shell. */
  readonly evaluator?: 'shell' | 'slow' | 'python';
  /** Adds an audit with held-out data. */
  readonly isAudited?: boolean;
  /** Parts of the config that replace the lab's. */
  readonly parts?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Variables the engine is started with, in a process of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One field of the table. */
export interface Cell {
  readonly attack: Attack;
  readonly layer: Layer;
  readonly level: Level;
}

export interface Played {
  readonly result: Result;
  /** The reason, for the message of a failed test. */
  readonly because: string;
}

export function expectedOf({ attack, layer, level }: Cell): Result {
  const expected = attack.expected[layer];
  const result = typeof expected === 'string' ? expected : expected[level];
  if (result === undefined) throw new Error(`the attack "${attack.name}" has no expected result for ${layer}, ${level}`);
  return result;
}

/** Every field that is to be played. */
export function cellsOf(attacks: readonly Attack[], layers: readonly Layer[]): Cell[] {
  return attacks.flatMap((attack) =>
    layers.flatMap((layer) => (attack.levels ?? (['beside'] as const)).map((level): Cell => ({ attack, layer, level }))),
  );
}
