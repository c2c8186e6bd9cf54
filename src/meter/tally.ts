import type { Caps, MeterUsage, Prices } from '../contract/meter.ts';
import type { Asked } from './asked.ts';
import { costOf, priceOf } from './price.ts';
import { tokensOf, type Found, type Tokens } from './tokens.ts';

/** What became known of a call that a model has answered, or has begun to. */
export interface Answered {
  readonly found: Found;
  /** Tokens of the answer that were passed on, estimated. */
  readonly delivered: number;
  /** False if the answer was cut off: the figures may be those of its start. */
  readonly isWhole: boolean;
}

/** Adds up the usage, and knows when a cap is reached. */
export class Tally {
  readonly #caps: Caps;
  readonly #prices: Prices | undefined;
  /** Calls under way: each may use what it asked for. */
  readonly #underWay = new Set<Asked>();
  #requests = 0;
  #input = 0;
  #cached = 0;
  #output = 0;
  #usd = 0;
  #uncounted = 0;
  #unpriced: string | null = null;

  constructor(caps: Caps = {}, prices?: Prices) {
    this.#caps = caps;
    this.#prices = prices;
  }

  /** Counts a request that goes upstream now. */
  begin(asked: Asked): void {
    this.#requests += 1;
    this.#underWay.add(asked);
  }

  /** Counts the result of a request; null if no model has answered. */
  end(asked: Asked, answered: Answered | null): void {
    this.#underWay.delete(asked);
    if (answered === null) return;
    const { found, isWhole } = answered;
    const figures = tokensOf(found);
    if (figures === null || !isWhole) this.#uncounted += 1;
    const tokens = figures !== null && isWhole ? figures : estimate(figures, answered, asked);
    this.#input += tokens.input;
    this.#cached += tokens.cached;
    this.#output += tokens.output;
    if (this.#prices === undefined) return;
    const model = found.model ?? asked.model;
    const price = priceOf(model, this.#prices);
    if (price === undefined) this.#unpriced ??= model ?? 'unknown';
    else this.#usd += costOf(tokens, price);
  }

  /** Is there room for a call beside those under way, if each uses all it may? One alone always has room. */
  hasRoomFor(asked: Asked): boolean {
    const { tokens = Infinity, usd = Infinity } = this.#caps;
    if (this.#underWay.size === 0) return true;
    const all = [...this.#underWay, asked];
    const used = this.#input + this.#output;
    return (
      all.reduce((sum, { input, output }) => sum + input + output, used) <= tokens &&
      (usd === Infinity || all.reduce((sum, one) => sum + this.#mostUsd(one), this.#usd) <= usd)
    );
  }

  /** Why no further request may go upstream, in words; null while one may. */
  full(): string | null {
    const { requests, tokens, usd } = this.#caps;
    const used = this.#input + this.#output;
    if (requests !== undefined && this.#requests >= requests) return `the limit of ${requests} model requests is used up`;
    if (tokens !== undefined && used >= tokens) return `the limit of ${tokens} tokens is used up (${used})`;
    if (usd === undefined) return null;
    if (this.#unpriced !== null) return `the model ${this.#unpriced} has no price, so the limit of $${usd} cannot be held`;
    return this.#usd >= usd ? `the limit of $${usd} is used up ($${this.#usd.toFixed(4)})` : null;
  }

  usage(): MeterUsage {
    return {
      requests: this.#requests,
      inputTokens: this.#input,
      cachedTokens: this.#cached,
      outputTokens: this.#output,
      ...(this.#prices !== undefined && this.#unpriced === null && { usd: this.#usd }),
      uncounted: this.#uncounted,
    };
  }

  #mostUsd({ model, input, output }: Asked): number {
    const price = priceOf(model, this.#prices ?? {});
    return price === undefined ? Infinity : costOf({ input, cached: 0, cacheWrite: 0, output }, price);
  }
}

/** The figures at the start of an answer do not include the rest. */
function estimate(figures: Tokens | null, { delivered }: Answered, asked: Asked): Tokens {
  const { input = 0, cached = 0, cacheWrite = 0, output = 0 } = figures ?? {};
  return { input: input || asked.input, cached, cacheWrite, output: Math.max(output, delivered) };
}
