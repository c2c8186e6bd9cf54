import type { Basis, Proposal, Reason } from '../experiment.ts';
import type { RunState } from '../model/run-state.ts';
import type { Pending } from '../plugin.ts';
import type { Workplaces } from './slots/workplaces.ts';
import { Seat } from './slots/seat.ts';

interface Member {
  pending: Pending;
  /** Milliseconds since 1970; Infinity while it waits for a slot or a desk. */
  startedAt: number;
  /** Tells identical changes on the same parent apart from others, once there is a commit. */
  key: string | undefined;
  readonly over: Promise<Over>;
}

interface Over {
  readonly id: number;
  readonly failed?: { readonly error: unknown };
}

type Facts = Pick<Pending, 'id' | 'kind' | 'basis' | 'usd' | 'slot' | 'params' | 'again'> & Partial<Pick<Pending, 'title' | 'agent'>>;

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

/** The experiments in flight: from the start of their proposal to their verdict. */
export class Flight {
  /** Set once no agent has anything left to try; a verdict may change that. */
  nothingLeft: Reason | null = null;
  readonly #input: FlightInput;
  readonly #used: Set<number>;
  readonly #members = new Map<number, Member>();
  #lowest = 0;
  /** The time up to which the records account for the wall clock. Milliseconds since 1970. */
  #counted = 0;

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

  start(facts: Facts, work: Work, startedAt = Infinity): void {
    const { id } = facts;
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
    this.#members.set(id, { pending: { stage: 'proposing', title: '', agent: '', ...facts }, startedAt, key: undefined, over });
    this.note(id, {});
  }

  /** Waits until one more of them is over. Rejects with what it has thrown. */
  async next(): Promise<void> {
    const { id, failed } = await Promise.race([...this.#members.values()].map(({ over }) => over));
    this.#drop(id);
    if (failed) throw failed.error;
  }

  /** Waits until all are over, however they end. */
  async end(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ over }) => over));
    for (const id of this.#members.keys()) this.#drop(id);
  }

  /** An agent begins a proposal on the present incumbent. `at` is ISO 8601. */
  began(id: number, at: string, basis: Basis): void {
    const member = this.#members.get(id);
    if (member) member.startedAt = Date.parse(at);
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
    this.note(id, { title, agent, ...(params && { params }), ...(usage?.usd !== undefined && { usd: usage.usd }) });
  }

  /** The number of another one with the same change on the same parent. If there is none, later calls find this one. */
  twinOf(id: number, key: string): number | undefined {
    const twin = [...this.#members].find(([other, member]) => other !== id && member.key === key);
    const member = this.#members.get(id);
    if (twin === undefined && member) member.key = key;
    return twin?.[0];
  }

  /** Seconds by the wall clock that something has been in flight and no record says yet. */
  get elapsed(): number {
    return this.#since(Date.now());
  }

  /** The same up to `now`, milliseconds since 1970; from then on they count as recorded. */
  takeElapsed(now: number): number {
    const seconds = this.#since(now);
    this.#counted = now;
    return seconds;
  }

  #since(now: number): number {
    const first = Math.min(...[...this.#members.values()].map(({ startedAt }) => startedAt));
    return Number.isFinite(first) ? Math.max(0, now - Math.max(first, this.#counted)) / 1000 : 0;
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
