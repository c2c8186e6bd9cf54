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
  /** Reverts the edits of an agent that then gave no proposal. */
  startOver(): Promise<void>;
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
  /** By agent, the experiment it was asked for last. */
  readonly asking = new Map<string, number>();
  readonly #askings = new Map<Brief, Asking>();

  constructor(warn: (message: string) => void, emit: Emit) {
    this.warn = warn;
    this.emit = emit;
  }

  open(brief: Brief, startOver: Asking['startOver']): Asking {
    const asking: Asking = { declines: [], spent: {}, startOver };
    this.#askings.set(brief, asking);
    return asking;
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
