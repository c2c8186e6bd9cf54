/** The preset's own router and evaluation, in this process: what a trial of some settings measures. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Item, Trial } from '../../src/experiment.ts';
import { quantile } from '../../src/stats.ts';

const PRESET = join(import.meta.dirname, '../../presets/cost-guarded');
const PROJECT = join(PRESET, 'project');
const { makeMessages } = await load<{ makeMessages: (random: unknown, count: number, prefix: string) => Message[] }>('message.mjs');
const { createRandom } = await load<{ createRandom: (seed: number) => unknown }>('random.mjs');
const PRICES = JSON.parse(readFileSync(join(PROJECT, 'prices.json'), 'utf8')) as Record<string, { cents: number; ms: number }>;
/** As `setup.mjs` draws them, and as `evaluate.mjs` measures held-out ones: each trial on a fifth. */
const SIZES = { loop: 4000, holdout: 5000 } as const;
const PARTS = 5;

export const SHIPPED = readFileSync(join(PROJECT, 'router/settings.json'), 'utf8');

export type Split = keyof typeof SIZES;
type Measured = Pick<Trial, 'metrics' | 'items'>;

interface Message {
  readonly id: string;
  readonly text: string;
  readonly label: string;
  readonly small: { readonly queue: string; readonly sure: number };
  readonly large: { readonly queue: string };
}

interface Routed {
  readonly cents: number;
  readonly ms: number;
  readonly right: 0 | 1;
}

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(PRESET, 'generator', file)).href)) as T;
}

export class Evaluation {
  readonly #messages: Readonly<Record<Split, readonly Message[]>>;
  readonly #dir = mkdtempSync(join(tmpdir(), 'autoresearch-router-'));
  readonly #routed = new Map<string, Promise<readonly Routed[]>>();

  constructor(seed: number) {
    this.#messages = {
      loop: makeMessages(createRandom(seed), SIZES.loop, 'm'),
      holdout: makeMessages(createRandom((seed + 1) % 2 ** 32), SIZES.holdout, 'h'),
    };
  }

  async measure(settings: string, split: Split, seed: number): Promise<Measured> {
    const key = `${split} ${settings}`;
    const found = this.#routed.get(key) ?? this.#route(settings, split);
    this.#routed.set(key, found);
    const results = await found;
    const messages = this.#messages[split];
    const itemsOf = (valueOf: (one: Routed) => number): Item[] =>
      results.map((one, index) => ({ id: messages[index]?.id ?? '', value: valueOf(one), group: messages[index]?.label ?? '' }));
    const part = split === 'holdout' ? results.filter((_, index) => index % PARTS === seed % PARTS) : results;
    const mean = (valueOf: (one: Routed) => number) => part.reduce((sum, one) => sum + valueOf(one), 0) / part.length;
    const latencies = results.map(({ ms }) => ms);
    return {
      metrics: {
        cost_cents: mean(({ cents }) => cents),
        accuracy: mean(({ right }) => right),
        right: results.reduce((sum, { right }) => sum + right, 0) / results.length,
        latency_p95: quantile(latencies, 0.95),
      },
      items: { right: itemsOf(({ right }) => right) },
    };
  }

  close(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #route(settings: string, split: Split): Promise<readonly Routed[]> {
    // A folder of its own: the router reads its settings once, where it lies.
    const dir = join(this.#dir, `${split}-${this.#routed.size}`);
    cpSync(join(PROJECT, 'router'), dir, { recursive: true });
    writeFileSync(join(dir, 'settings.json'), settings);
    const { route } = (await import(pathToFileURL(join(dir, 'route.mjs')).href)) as {
      route: (text: string, models: object) => Promise<string>;
    };
    const results: Routed[] = [];
    for (const { text, label, small, large } of this.#messages[split]) {
      let { cents, ms } = PRICES['message'] ?? { cents: 0, ms: 0 };
      const pay =
        <T>(name: string, answer: T) =>
        async () => {
          cents += PRICES[name]?.cents ?? 0;
          ms += PRICES[name]?.ms ?? 0;
          return answer;
        };
      const queue = await route(text, { small: pay('small', small), large: pay('large', large) });
      results.push({ cents, ms, right: queue === label ? 1 : 0 });
    }
    return results;
  }
}
