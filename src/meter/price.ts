import type { Price, Prices } from '../contract/meter.ts';
import type { Tokens } from './tokens.ts';

/** The price of a model: under its name, else under the longest start of its name, else under `*`. */
export function priceOf(model: string | undefined, prices: Prices): Price | undefined {
  const fitting = Object.keys(prices).filter((name) => name !== '*' && model?.startsWith(name));
  const [best = '*'] = fitting.sort((a, b) => b.length - a.length);
  return prices[best];
}

/** Dollars. */
export function costOf({ input, cached, cacheWrite, output }: Tokens, price: Price): number {
  const plain = Math.max(0, input - cached - cacheWrite);
  const sum =
    plain * price.input + cached * (price.cached ?? price.input) + cacheWrite * (price.cacheWrite ?? price.input) + output * price.output;
  return sum / 1e6;
}
