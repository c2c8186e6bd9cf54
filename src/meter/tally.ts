import type { Caps, MeterUsage, Prices } from '../contract/meter.ts';
import { costOf, priceOf } from './price.ts';
import { tokensOf, type Found } from './tokens.ts';

/** Adds up what went through, and knows when it is enough. */
export class Tally {
  readonly #caps: Caps;
  readonly #prices: Prices | undefined;
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
  begin(): void {
    this.#requests += 1;
  }

  /** Counts an answer that a model gave. */
  add(found: Found): void {
    const tokens = tokensOf(found);
    if (tokens === null) {
      this.#uncounted += 1;
      return;
    }
    this.#input += tokens.input;
    this.#cached += tokens.cached;
    this.#output += tokens.output;
    if (this.#prices === undefined) return;
    const price = priceOf(found.model, this.#prices);
    if (price === undefined) this.#unpriced ??= found.model ?? 'unknown';
    else this.#usd += costOf(tokens, price);
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
}
