import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatNumber, plural, wordFor } from '../../src/views/format.ts';
import type { PageHead } from '../../src/page/model.ts';
import type { Store } from '../data/store.ts';
import { Marks } from './marks.ts';
import { Plot, type PlotInput } from './plot.ts';
import type { Spot } from './draw.ts';
import { Legend } from './legend.tsx';

interface Props {
  readonly store: Store;
  readonly head: PageHead;
  readonly version: number;
  readonly open: number | null;
  readonly zoom: readonly [number, number] | null;
  readonly onZoom: (zoom: readonly [number, number] | null) => void;
  readonly onOpen: (id: number) => void;
}

/** Live data is drawn at most this often, and so rarely that drawing takes a tenth of the time; a change by the reader at once. */
const REDRAW_MS = 250;
const SHARE = 10;

/** The incumbent over the experiments, with every experiment as a dot. The list below has the same as text. */
export function Chart({ store, head, version, open, zoom, onZoom, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const nextAt = useRef(0);
  const [spot, setSpot] = useState<Spot | null>(null);
  const key = zoom?.join('-') ?? '';
  const zoomed = useMemo(() => (zoom === null ? null : Marks.between(store.rowOf, zoom[0], zoom[1])), [key, store.lastId]);
  const callbacks = useRef({ onZoom, onOpen });
  callbacks.current = { onZoom, onOpen };
  const input = useRef<() => PlotInput>(null as never);
  input.current = () => ({ head, rows: (zoomed ?? store.marks).rows(), lastId: store.lastId, open, zoom });
  const pending = useRef<ReturnType<typeof setTimeout> | null>(null);
  const draw = (): void => {
    pending.current = null;
    const start = performance.now();
    plot.current?.update(input.current());
    // uPlot draws once the present task is done.
    queueMicrotask(() => {
      const now = performance.now();
      nextAt.current = now + Math.max(REDRAW_MS, SHARE * (now - start));
    });
  };

  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    const made = new Plot(target, input.current(), {
      onPoint: setSpot,
      onZoom: (part) => callbacks.current.onZoom(part),
      onOpen: (id) => callbacks.current.onOpen(id),
    });
    plot.current = made;
    const resized = new ResizeObserver(() => made.resize(target.clientWidth, target.clientHeight));
    resized.observe(target);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => made.redraw();
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      resized.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(draw, [key, open]);
  useEffect(() => {
    // A change that comes meanwhile is drawn with it: a steady stream must not put the drawing off for ever.
    pending.current ??= setTimeout(draw, Math.max(0, nextAt.current - performance.now()));
  }, [version]);

  const { label, direction } = head.objective;
  return (
    <figure class="chart">
      <div class="plot" ref={box} role="img" aria-label={summaryOf(head)} />
      {spot !== null && <Tip spot={spot} decimals={head.decimals} />}
      <figcaption>
        <Legend head={head} />
        <span class="axis">
          {label} by experiment, {wordFor(direction)}
        </span>
        <span class="zoom">
          {zoom !== null && (
            <button type="button" onClick={() => onZoom(null)}>
              all experiments
            </button>
          )}
          <button
            type="button"
            aria-label="zoom in on the last quarter"
            title="zoom in (+)"
            onClick={() => onZoom(nearer(zoom, store.lastId))}
          >
            +
          </button>
          <button
            type="button"
            aria-label="zoom out"
            title="zoom out (−)"
            disabled={zoom === null}
            onClick={() => onZoom(farther(zoom, store.lastId))}
          >
            −
          </button>
        </span>
      </figcaption>
    </figure>
  );
}

function Tip({ spot: { x, y, row }, decimals }: { readonly spot: Spot; readonly decimals: number }) {
  const position = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Set as a property, because the page's Content-Security-Policy refuses style attributes.
    position.current?.style.setProperty('transform', `translate(${Math.round(x)}px, ${Math.round(y)}px)`);
  });
  return (
    <div class="tip" ref={position} aria-hidden="true">
      <b>#{row.id}</b> {row.verdict} {row.score !== undefined && formatNumber(row.score, decimals)} <span>{row.title}</span>
    </div>
  );
}

function summaryOf({ objective: { label, direction }, total, baseline, incumbent, decimals, course }: PageHead): string {
  const keeps = plural(Math.max(0, course.length - 1), 'change');
  const moved =
    baseline === null || incumbent === null
      ? 'nothing measured yet'
      : `${label} went from ${formatNumber(baseline.score, decimals)} to ${formatNumber(incumbent.score, decimals)} in ${keeps} of the incumbent`;
  return `Chart of ${plural(total, 'experiment')}: ${moved}; ${wordFor(direction)}. The list below has each of them.`;
}

/** The last quarter of what is shown. */
export function nearer(zoom: readonly [number, number] | null, lastId: number): readonly [number, number] | null {
  const [from, to] = zoom ?? [0, lastId];
  return to - from < 8 ? zoom : [Math.floor(to - (to - from) / 4), to];
}

export function farther(zoom: readonly [number, number] | null, lastId: number): readonly [number, number] | null {
  if (zoom === null) return null;
  const [from, to] = zoom;
  const start = Math.max(0, Math.floor(to - (to - from) * 4));
  return start === 0 && to >= lastId ? null : [start, to];
}
