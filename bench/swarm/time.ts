/** What things take, in seconds. */
import { readFileSync } from 'node:fs';

export function seconds(act: () => unknown): number {
  const start = performance.now();
  act();
  return (performance.now() - start) / 1000;
}

export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

/** Of this process's own processor time. */
export function cpuSeconds(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** By the clock, and of processors: of this process and all that it has started. */
export interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

export async function takenBy(act: () => unknown): Promise<Taken> {
  const before = processors();
  const wall = await secondsOf(async () => void (await act()));
  return { wall, cpu: processors() - before };
}

/** The median by the clock; the mean of processors, since Linux tells hundredths of a second. */
export function middle(all: readonly Taken[]): Taken {
  return { wall: median(all.map(({ wall }) => wall)), cpu: all.reduce((sum, { cpu }) => sum + cpu, 0) / all.length };
}

/** Seconds so far: of this process, and of the children that have ended, as Linux counts them. */
function processors(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}
