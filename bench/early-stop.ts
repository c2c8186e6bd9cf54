/**
 * What early stopping buys on tiny-lm: one stream of proposals, recorded from a search, goes through two runs at the same
 * time, one with the preset's pruner and one without. Prints experiments an hour, and the quality reached on fresh seeds:
 * after as many proposals, and after as much time. Which proposals are kept is luck in part, and the arms soon differ by it:
 * so every trial that was stopped is trained to its end afterwards, beside its incumbent and with the same seed.
 * Usage: node bench/early-stop.ts [seconds of a pair, default 200] [first pair, default 1] [pairs, default 3]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mean, standardDeviation } from '../src/stats.ts';
import { finish, qualityOf, runArm } from './early-stop/arm.ts';
import { readStreams } from './early-stop/streams.ts';

const [seconds = 200, first = 1, pairs = 3] = process.argv.slice(2).map(Number);
const FRESH = [9001, 9002, 9003, 9004];
const streams = readStreams().length;

/**
 * All in percent: how many more experiments, and how much val_bpb changes at equal proposals and at equal time; below 0 is better
 * for the latter two.
 */
interface Pair {
  readonly speed: number;
  readonly atEqualSteps: number;
  readonly atEqualTime: number;
  /** By how much each stopped trial was behind its incumbent at the end. */
  readonly behind: readonly number[];
}

async function measure(pair: number): Promise<Pair> {
  // Inside the checkout, so that the text is the same for all: the packages of this checkout.
  const home = mkdtempSync(join(import.meta.dirname, '../.bench-'));
  try {
    const options = { home, stream: (pair - 1) % streams, seconds };
    // At the same time, so that a busy machine hits both alike.
    const [without, withPruner] = await Promise.all([runArm({ ...options, withPruner: false }), runArm({ ...options, withPruner: true })]);
    const steps = Math.min(without.steps, withPruner.steps);
    const quality = async (at: (arm: typeof without) => number) =>
      Promise.all([without, withPruner].map((arm) => qualityOf(arm, arm.incumbentAt(at(arm)), FRESH)));
    const equalSteps = await quality(() => steps);
    const equalTime = await quality((arm) => arm.steps);
    for (const [index, arm] of [without, withPruner].entries()) {
      const name = index === 0 ? 'without' : 'with   ';
      const figures = `${arm.perHour.toFixed(0).padStart(5)} experiments an hour, ${String(arm.kept).padStart(2)} kept, ${String(arm.stopped.length).padStart(2)} stopped early`;
      console.log(
        `pair ${pair} ${name} ${figures}, val_bpb ${equalSteps[index]?.toFixed(4)} after ${steps} proposals, ${equalTime[index]?.toFixed(4)} at the end`,
      );
    }
    const behind = await finish(withPruner);
    return {
      speed: percent([without.perHour, withPruner.perHour]),
      atEqualSteps: percent(equalSteps),
      atEqualTime: percent(equalTime),
      behind,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function percent([before = NaN, after = NaN]: readonly number[]): number {
  return 100 * (after / before - 1);
}

const found: Pair[] = [];
for (let pair = first; pair < first + pairs; pair++) {
  found.push(await measure(pair));
  console.log(JSON.stringify({ pair, ...found.at(-1) }));
}
const show = (what: string, of: (pair: Pair) => number) => {
  const values = found.map(of);
  const error = values.length > 1 ? ` ± ${(standardDeviation(values) / Math.sqrt(values.length)).toFixed(2)}` : '';
  console.log(`${what.padEnd(34)} ${mean(values).toFixed(2)} %${error}`);
};
console.log(`\nwith the pruner, mean of ${found.length} pairs ± standard error; less val_bpb is better`);
show('experiments an hour', ({ speed }) => speed);
show('val_bpb after as many proposals', ({ atEqualSteps }) => atEqualSteps);
show('val_bpb after as much time', ({ atEqualTime }) => atEqualTime);
const behind = found.flatMap((pair) => pair.behind).toSorted((a, b) => a - b);
const ahead = behind.filter((value) => value < 0);
const sum = ahead.reduce((total, value) => total - value, 0);
console.log(
  `\n${behind.length} trials were stopped; trained to the end, ${ahead.length} of them are ahead of their incumbent, by ${sum.toFixed(4)} val_bpb in all; ` +
    `the median is behind by ${behind[Math.floor(behind.length / 2)]?.toFixed(4)}`,
);
