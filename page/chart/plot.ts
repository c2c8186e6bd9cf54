/** The chart itself: uPlot draws axes and the incumbent's line, draw.ts the rest. */
import uPlot from 'uplot';
import { formatNumber } from '../../src/views/format.ts';
import { coloursOf, paintAudits, paintBand, paintDots, startOf, type Painting, type Spot } from './draw.ts';
import { domainOf, rangeOf } from './scale.ts';

export interface PlotInput extends Painting {
  readonly zoom: readonly [number, number] | null;
}

interface Callbacks {
  readonly onZoom: (zoom: readonly [number, number] | null) => void;
  readonly onPoint: (spot: Spot | null) => void;
  readonly onOpen: (id: number) => void;
}

const NEAR = 14;

export class Plot {
  readonly #plot: uPlot;
  #input: PlotInput;
  #spots: Spot[] = [];

  constructor(target: HTMLElement, input: PlotInput, callbacks: Callbacks) {
    this.#input = input;
    this.#plot = new uPlot(this.#options(target, callbacks), dataOf(input), target);
    const { over } = this.#plot;
    over.addEventListener('mousemove', (event) => callbacks.onPoint(this.#near(event)));
    over.addEventListener('mouseleave', () => callbacks.onPoint(null));
    over.addEventListener('click', (event) => {
      const spot = this.#near(event);
      if (spot !== null) callbacks.onOpen(spot.row.id);
    });
    over.addEventListener('dblclick', () => callbacks.onZoom(null));
  }

  update(input: PlotInput): void {
    this.#input = input;
    this.#plot.setData(dataOf(input));
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  redraw(): void {
    this.#plot.redraw(false, true);
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #near({ offsetX, offsetY }: MouseEvent): Spot | null {
    let best: Spot | null = null;
    let least = NEAR ** 2;
    for (const spot of this.#spots) {
      const distance = (spot.x - offsetX) ** 2 + (spot.y - offsetY) ** 2;
      // Of equally near ones the last one: keeps are drawn over the others.
      if (distance <= least) [best, least] = [spot, distance];
    }
    return best;
  }

  #options(target: HTMLElement, { onZoom }: Callbacks): uPlot.Options {
    const colour = (name: keyof ReturnType<typeof coloursOf>) => () => coloursOf(target)[name];
    const axis = {
      stroke: colour('soft'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: () => fade(coloursOf(target).soft), width: 1 },
      ticks: { show: false },
    };
    return {
      width: target.clientWidth,
      height: target.clientHeight,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: false, range: () => [...this.#range()] },
        y: { range: () => this.#domain() },
      },
      axes: [
        { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000] },
        {
          ...axis,
          // As wide as its labels: six digits must not be cut.
          size: (_, values) => 18 + 7.2 * Math.max(0, ...(values ?? []).map((text) => text.length)),
          values: (_, splits) => splits.map((value) => this.#label(value, splits)),
        },
      ],
      series: [
        {},
        {
          stroke: colour('keep'),
          width: 2,
          points: { show: false },
          ...(uPlot.paths.stepped !== undefined && { paths: uPlot.paths.stepped({ align: 1 }) }),
        },
      ],
      hooks: {
        drawAxes: [(u) => paintBand(u, this.#input, coloursOf(target))],
        draw: [
          (u) => {
            const colours = coloursOf(target);
            this.#spots = paintDots(u, this.#input, colours);
            paintAudits(u, this.#input, colours);
          },
        ],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 4) return;
            const [from, to] = [left, left + width].map((at) => Math.round(u.posToVal(at, 'x')));
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            if (from !== undefined && to !== undefined && to > from) onZoom([Math.max(0, from), to]);
          },
        ],
      },
    };
  }

  /** While nothing is measured there is no scale to label. */
  #label(value: number, splits: readonly number[]): string {
    const { head } = this.#input;
    return head.course.length === 0 ? '' : formatNumber(value, decimalsBetween(splits, head.decimals));
  }

  #range(): readonly [number, number] {
    const { zoom, lastId } = this.#input;
    return zoom ?? rangeOf(lastId);
  }

  #domain(): [number, number] {
    const { head, rows } = this.#input;
    const [from, to] = this.#range();
    const seen = rows.filter(({ id }) => id >= from && id <= to);
    const levels = head.levels.filter(({ after }) => after >= from && after <= to).map(({ value }) => value);
    // The incumbent's line may have begun before what is shown.
    const steps = head.course.filter((step, at) => startOf(step) <= to && (head.course[at + 1]?.after ?? Infinity) >= from);
    const { low, high } = domainOf(seen, [...levels, ...steps.map(({ score }) => score)]);
    return [low, high];
  }
}

function dataOf({ head, lastId }: PlotInput): uPlot.AlignedData {
  const steps = head.course.filter((step, at, all) => startOf(step) > startOf(all[at - 1] ?? { ...step, after: -1, isRollback: false }));
  const last = head.course.at(-1);
  if (last === undefined) return [[], []];
  return [
    [...steps.map(startOf), Math.max(lastId, startOf(last)) + 0.75],
    [...steps.map(({ score }) => score), last.score],
  ];
}

/** Enough decimals to tell ticks apart, no more than the scores have but for one. */
function decimalsBetween(splits: readonly number[], decimals: number): number {
  const step = Math.abs((splits[1] ?? 0) - (splits[0] ?? 0));
  return step > 0 ? Math.min(decimals + 1, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))) : decimals;
}

/** The grid stays faint, so that dots stand out. */
function fade(colour: string): string {
  return `color-mix(in srgb, ${colour} 22%, transparent)`;
}
