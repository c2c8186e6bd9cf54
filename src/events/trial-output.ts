import type { Metric, Subject } from '../plugin.ts';
import type { Emit } from './stream.ts';

/** At most four batches a second. */
const EVERY_MS = 250;
const MOST_BYTES = 8 * 1024;
/** Of a curve's points of one moment; of more, each second one goes. */
const MOST_POINTS = 64;

/** Reads a point of a metric's curve from one line of output. */
export type PointOf = NonNullable<Metric['point']>;
type Point = readonly [number, number];

export interface TrialName {
  readonly experiment: number;
  readonly slot: string;
  readonly index: number;
  readonly subject: Subject;
}

/** What a running trial prints, as events: lines in batches, and the points of curves among them. */
export class TrialOutput {
  readonly #emit: Emit;
  readonly #name: TrialName;
  readonly #curves: ReadonlyMap<string, PointOf>;
  readonly #started = performance.now();
  #lines: string[] = [];
  #bytes = 0;
  #dropped = 0;
  #points = new Map<string, Point[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(emit: Emit, name: TrialName, curves: ReadonlyMap<string, PointOf>) {
    this.#emit = emit;
    this.#name = name;
    this.#curves = curves;
  }

  line(line: string): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    // The last lines are those that tell where the trial stands.
    while (this.#bytes > MOST_BYTES && this.#lines.length > 1) {
      this.#bytes -= this.#lines.shift()?.length ?? 0;
      this.#dropped++;
    }
    for (const [name, pointOf] of this.#curves) this.#read(name, pointOf, line);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.flush(), EVERY_MS);
    this.#timer.unref();
  }

  /** Tells what waits for the next batch. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const elapsedSeconds = Math.round(performance.now() - this.#started) / 1000;
    if (this.#lines.length > 0)
      this.#emit({ type: 'trial-lines', ...this.#name, lines: this.#lines, dropped: this.#dropped, elapsedSeconds });
    for (const [name, points] of this.#points) this.#emit({ type: 'curve-points', ...this.#name, name, points, elapsedSeconds });
    this.#lines = [];
    this.#bytes = 0;
    this.#dropped = 0;
    this.#points = new Map();
  }

  #read(name: string, pointOf: PointOf, line: string): void {
    let point: Point | undefined;
    try {
      point = pointOf(line);
    } catch {
      // If the curve cannot be read, the metric reports it when the trial is measured.
    }
    if (point === undefined || !point.every(Number.isFinite)) return;
    const points = this.#points.get(name) ?? [];
    points.push(point);
    this.#points.set(name, points.length > MOST_POINTS ? points.filter((_, index) => index % 2 === 0) : points);
  }
}
