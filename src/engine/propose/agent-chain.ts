import { AsyncLocalStorage } from 'node:async_hooks';
import type { Emit } from '../../events/stream.ts';
import type { Usage } from '../../experiment.ts';
import type { Brief, FailureKind } from '../../plugin.ts';
import type { Rest } from './rest.ts';
import { addUsage } from './usage.ts';

/** Why an agent of the chain gave no proposal. */
export interface Decline {
  readonly agent: string;
  readonly kind: 'exhausted' | FailureKind;
  readonly message: string;
  /** What it used; absent if it was not asked. */
  readonly took?: { readonly seconds: number; readonly usage: Usage };
  /** Set if its service is unavailable for a while. */
  readonly rest?: Rest;
}

/** What is known of one proposal while its agents are asked. */
export interface Asking {
  declines: Decline[];
  /** What its agents have used and no record says yet. */
  spent: Usage;
  /** The most dollars that all of its agents may use. */
  readonly most: number;
  /** Reverts the edits of an agent that then gave no proposal. */
  startOver(): Promise<void>;
  /** Is told what its agents have used so far, in dollars, while they are at work. */
  spends(usd: number): void;
}

/** One call of an agent, as its meters see it. */
export interface Call {
  readonly experiment: number;
  /** What one of its meters has counted by now, in dollars. */
  count(meter: object, usd: number): void;
}

/** The agents of a session: what is true of all proposals, and for each brief what is true of that one alone. */
export class AgentChain {
  /** By place in the config, the agents that cannot work in this session, and why. */
  readonly out = new Map<string, Decline>();
  /** By place in the config, the agents that are skipped until their service may be asked again. */
  readonly resting = new Map<string, Decline>();
  readonly warn: (message: string) => void;
  /** Tells what agents do and use. */
  readonly emit: Emit;
  /** What an agent does goes to the call it does it in: one agent may be at work on several proposals at once. */
  readonly calls = new AsyncLocalStorage<Call>();
  readonly #askings = new Map<Brief, Asking>();

  constructor(warn: (message: string) => void, emit: Emit) {
    this.warn = warn;
    this.emit = emit;
  }

  open(brief: Brief, of: Pick<Asking, 'startOver' | 'spends' | 'most'>): Asking {
    const asking: Asking = { declines: [], spent: {}, ...of };
    this.#askings.set(brief, asking);
    return asking;
  }

  /** Calls an agent, and tells what its meters count until it has answered. */
  call<T>(brief: Brief, ask: () => Promise<T>): Promise<T> {
    const asking = this.of(brief);
    const metered = new Map<object, number>();
    let isOver = false;
    const count: Call['count'] = (meter, usd) => {
      if (isOver) return;
      metered.set(meter, usd);
      asking.spends((asking.spent.usd ?? 0) + [...metered.values()].reduce((a, b) => a + b, 0));
    };
    return this.calls.run({ experiment: brief.id, count }, ask).finally(() => (isOver = true));
  }

  of(brief: Brief): Asking {
    const asking = this.#askings.get(brief);
    if (asking === undefined) throw new Error(`no proposal ${brief.id} is being asked for`);
    return asking;
  }

  /** The proposal has been recorded, or will be by what its agents have used alone. */
  close(brief: Brief): void {
    const asking = this.#askings.get(brief);
    if (asking !== undefined && Object.keys(asking.spent).length === 0) this.#askings.delete(brief);
  }

  /** What agents have used for proposals that never came. */
  get unrecorded(): Usage {
    return [...this.#askings.values()].reduce<Usage>((sum, { spent }) => addUsage(sum, spent), {});
  }
}

/** What the agents of a proposal have used, besides `before`: it must be recorded with the next settled experiment. */
export function takeUsage(asking: Asking, before: Usage = {}): Usage {
  const usage = addUsage(before, asking.spent);
  asking.spent = {};
  return usage;
}
