/** What is simulated of a swarm: what commits are really worth, trials on machines that are off each other, and how long agents think. */
import { createRandom } from '../decisions/random.ts';
import { UNIT, type World } from '../decisions/worlds.ts';

const NOISE = 1_000_003;
const MACHINES = 2_000_003;
const AGENTS = 3_000_017;
const LUCK = 4_000_037;
/** How far machines are off each other: a standard deviation in units of sigma. */
const OFF = 1;
/** What a proposal takes, in trials of 300 s: 60 to 300 s. */
const AGENT = [0.2, 1] as const;

export interface Scene {
  readonly world: World;
  readonly nodes: number;
  readonly seed: number;
  readonly night: number;
  /** How likely an idea still works after it is moved over one change that it was not made with. */
  readonly survive: number;
}

/** The changes in a commit, with what each of them does there: 0 where it no longer works. */
type Inside = ReadonlyMap<number, number>;

export class SwarmNature {
  readonly #scene: Scene;
  readonly #commits = new Map<string, Inside>();
  readonly #offsets: readonly number[];
  readonly #agents: readonly ReturnType<typeof createRandom>[];
  #trials = 0;
  #moves = 0;

  constructor(scene: Scene) {
    const { seed, night, nodes } = scene;
    const machines = createRandom(seed, night, MACHINES);
    this.#scene = scene;
    this.#offsets = Array.from({ length: nodes }, () => OFF * machines.normal());
    this.#agents = Array.from({ length: nodes }, (_, node) => createRandom(seed, night, AGENTS, node));
  }

  start(base: string): void {
    this.#commits.set(base, new Map());
  }

  /** An idea that was made on one commit, as a commit on another one. */
  invent(idea: number, { madeOn, on, as }: { readonly madeOn: string; readonly on: string; readonly as: string }): void {
    const { world, seed, night } = this.#scene;
    const there = this.#inside(on);
    const made = this.#inside(madeOn);
    const moves = [...there.keys()].filter((change) => !made.has(change)).length;
    const effect = this.#survives(moves) ? world.effect(createRandom(seed, night, idea)) : 0;
    this.#commits.set(as, new Map([...there, [idea, effect]]));
  }

  /** All that a commit has more, put on another one. */
  merge(from: string, { on, as }: { readonly on: string; readonly as: string }): void {
    const there = this.#inside(on);
    const theirs = this.#inside(from);
    const moves = [...there.keys()].filter((change) => !theirs.has(change)).length;
    const more = [...theirs].filter(([change]) => !there.has(change));
    this.#commits.set(as, new Map([...there, ...more.map(([change, effect]) => [change, this.#survives(moves) ? effect : 0] as const)]));
  }

  /** What a commit is worth against the base, in units of the score; below 0 is a gain. */
  truthOf(commit: string): number {
    return [...this.#inside(commit).values()].reduce((sum, effect) => sum + effect, 0) * UNIT;
  }

  /** The score of one trial. */
  trial(commit: string, node: number): number {
    const { world, seed, night } = this.#scene;
    const noise = createRandom(seed, night, NOISE, ++this.#trials).normal();
    return 1 + this.truthOf(commit) + ((this.#offsets[node] ?? 0) + noise) * world.sigma * UNIT;
  }

  /** How long the next proposal of a node takes, in trials. */
  think(node: number): number {
    const [least, most] = AGENT;
    return least + (most - least) * (this.#agents[node]?.unit() ?? 0);
  }

  #survives(moves: number): boolean {
    const { seed, night, survive } = this.#scene;
    return moves === 0 || createRandom(seed, night, LUCK, ++this.#moves).unit() < survive ** moves;
  }

  #inside(commit: string): Inside {
    const inside = this.#commits.get(commit);
    if (inside === undefined) throw new Error(`nothing is known of the commit ${commit}`);
    return inside;
  }
}
