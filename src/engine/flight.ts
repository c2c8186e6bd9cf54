import type { Basis, Proposal, Reason } from '../experiment.ts';
import type { RunState } from '../model/run-state.ts';
import type { Pending } from '../plugin.ts';
import type { Workplaces } from './slots/workplaces.ts';
import type { Held } from './decide/reserve.ts';
import { Seat } from './slots/seat.ts';

interface Member {
  pending: Pending;
  /** When it began, in milliseconds of `performance.now()`; Infinity while it waits for a slot or a desk. */
  since: number;
  /** Tells identical changes on the same parent apart from others, once there is a commit. */
  key: string | undefined;
  /** What its proposal has cost so far, in dollars. */
  spent: number;
  /** The most its agent may bring that to; undefined while no agent is at work on it. */
  most: number | undefined;
  readonly isAsked: boolean;
  readonly over: Promise<Over>;
}

interface Over {
  readonly id: number;
  readonly failed?: { readonly error: unknown };
}

interface Facts
  extends Pick<Pending, 'id' | 'kind' | 'basis' | 'usd' | 'slot' | 'params' | 'again'>, Partial<Pick<Pending, 'title' | 'agent'>> {
  /** The most dollars that its proposal may use, if an agent is to make one. */
  readonly most?: number;
}

/** Takes an experiment to its verdict; false if nothing of it is recorded. */
type Work = (seat: Seat, id: number) => Promise<boolean>;

interface FlightInput {
  readonly workplaces: Workplaces;
  readonly signal: AbortSignal;
  /** It is told what is in flight, because plugins read it there. */
  readonly state: RunState;
  /** Numbers that are in use. */
  readonly used: Iterable<number>;
}

/**
 * The experiments in flight: from the start of their proposal to their verdict. They are timed by a clock that nobody sets: the
 * machine's own may be put right by hours in the middle of a run.
 */
export class Flight {
  /** Set once no agent has anything left to try; a verdict may change that. */
  nothingLeft: Reason | null = null;
  readonly #input: FlightInput;
  readonly #used: Set<number>;
  readonly #members = new Map<number, Member>();
  #lowest = 0;
  /** Called when an agent is no longer at work, if somebody waits for that. */
  #told: (() => void) | undefined;
  /** The time up to which the records account for what has passed. Milliseconds of `performance.now()`, like all times here. */
  #counted = -Infinity;

  constructor(input: FlightInput) {
    this.#input = input;
    this.#used = new Set(input.used);
  }

  get size(): number {
    return this.#members.size;
  }

  /** The lowest free number. A number whose proposal never came is free again. */
  get nextId(): number {
    while (this.#used.has(this.#lowest)) this.#lowest++;
    return this.#lowest;
  }

  /** `since`: when it began, if it has; of `performance.now()`. */
  start({ most, ...facts }: Facts, work: Work, since = Infinity): void {
    const { id } = facts;
    const money = { spent: most === undefined ? facts.usd : 0, most, isAsked: most !== undefined };
    const seat = new Seat(this.#input.workplaces, this.#input.signal);
    this.#used.add(id);
    const run = async (): Promise<Over> => {
      try {
        if (!(await work(seat, id))) this.giveBack(id);
        return { id };
      } catch (error) {
        return { id, failed: { error } };
      } finally {
        seat.leave();
      }
    };
    // The work begins when all that is told of the experiment is there.
    const over = Promise.resolve().then(run);
    this.#members.set(id, { pending: { stage: 'proposing', title: '', agent: '', ...facts }, since, key: undefined, ...money, over });
    this.note(id, {});
  }

  /** Waits until one more of them is over; with `orTold`, or until an agent is no longer at work. Rejects with what it has thrown. */
  async next({ orTold = false } = {}): Promise<void> {
    const told = Promise.withResolvers<null>();
    this.#told = orTold ? () => told.resolve(null) : undefined;
    const ended = await Promise.race([told.promise, ...[...this.#members.values()].map(({ over }) => over)]);
    if (ended === null) return;
    const { id, failed } = ended;
    this.#drop(id);
    if (failed) throw failed.error;
  }

  /** Waits until all are over, however they end. */
  async end(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ over }) => over));
    for (const id of this.#members.keys()) this.#drop(id);
  }

  /** An agent begins a proposal on the present incumbent. */
  began(id: number, basis: Basis): void {
    const member = this.#members.get(id);
    if (member) member.since = performance.now();
    this.note(id, { basis });
  }

  /** What is now known of one of them. */
  note(id: number, known: Partial<Omit<Pending, 'id'>>): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    member.pending = { ...member.pending, ...known };
    this.#input.state.begin(member.pending);
  }

  /** What an agent wants to try: other agents are told of it. */
  noteProposal(id: number, { title, agent, params, usage }: Proposal): void {
    this.noteCost(id, usage?.usd ?? 0);
    this.note(id, { title, agent, ...(params && { params }) });
  }

  /** What each of them has cost, and may still cost. */
  get held(): readonly (Held & { readonly id: number })[] {
    // What is settled already is in the run's own sum.
    const open = new Set(this.#input.state.view.pending.map(({ id }) => id));
    return [...this.#members].flatMap(([id, { spent, most, isAsked }]) => (open.has(id) ? [{ id, usd: spent, most, isAsked }] : []));
  }

  /** An agent begins to work on a change again, and may bring its cost to `most` dollars. */
  allow(id: number, most: number): void {
    const member = this.#members.get(id);
    if (member) member.most = most;
  }

  /** The most dollars that the agent at work on it may use in all. */
  mostOf(id: number): number {
    return this.#members.get(id)?.most ?? Infinity;
  }

  /** What the agent at work on it has used so far, in dollars. */
  noteSpent(id: number, usd: number): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    member.spent = usd;
    if (usd > member.pending.usd) this.note(id, { usd });
  }

  /** No agent is at work on it any more: what it has cost. */
  noteCost(id: number, usd: number): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    Object.assign(member, { spent: usd, most: undefined });
    this.note(id, { usd });
    this.#told?.();
  }

  /** The number of another one with the same change on the same parent. If there is none, later calls find this one. */
  twinOf(id: number, key: string): number | undefined {
    const twin = [...this.#members].find(([other, member]) => other !== id && member.key === key);
    const member = this.#members.get(id);
    if (twin === undefined && member) member.key = key;
    return twin?.[0];
  }

  /** Seconds that something has been in flight and no record says yet. */
  get elapsed(): number {
    return this.#unrecorded(performance.now());
  }

  /** Seconds since an experiment began, and `elapsed`, whose seconds count as recorded from now on. */
  takeSeconds(id: number): { readonly seconds: number; readonly elapsed: number } {
    const now = performance.now();
    const elapsed = this.#unrecorded(now);
    this.#counted = now;
    return { seconds: secondsBetween(this.#members.get(id)?.since ?? now, now), elapsed };
  }

  #unrecorded(now: number): number {
    const first = Math.min(...[...this.#members.values()].map(({ since }) => since));
    return secondsBetween(Math.max(first, this.#counted), now);
  }

  giveBack(id: number): void {
    this.#used.delete(id);
    this.#lowest = Math.min(this.#lowest, id);
  }

  #drop(id: number): void {
    this.#members.delete(id);
    this.#input.state.drop(id);
  }
}

/** To the millisecond; 0 for what has not begun. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.round(to - from)) / 1000;
}
