import type { Curve, Item, Trial } from '../../experiment.ts';
import type { Measurements } from '../../hooks.ts';
import { ReasonError } from '../../plugin.ts';

type Collected = Pick<Trial, 'metrics' | 'curves' | 'items'>;

/** Collects the values of one trial. Each name must come once, and each value must be finite. */
export function collectMeasurements(): Measurements & { readonly collected: Collected } {
  const metrics: Record<string, number> = {};
  const curves: Record<string, Curve> = {};
  const items: Record<string, readonly Item[]> = {};
  return {
    get collected() {
      return { metrics, ...(Object.keys(curves).length > 0 && { curves }), ...(Object.keys(items).length > 0 && { items }) };
    },
    record(name, measured) {
      const { value, curve, items: list } = typeof measured === 'number' ? { value: measured } : measured;
      if (Object.hasOwn(metrics, name)) throw new ReasonError('METRIC_DUPLICATE', `metric ${name} was measured twice`);
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new ReasonError('METRIC_NOT_FINITE', `metric ${name} is ${String(value)}, not a finite number`);
      }
      metrics[name] = value;
      if (curve && curve.length > 0) curves[name] = thin(curve);
      if (list && list.length > 0) items[name] = list;
    },
  };
}

const MOST_POINTS = 100;

/** A curve of at most 100 points: the record holds one for each trial. */
function thin(curve: Curve): Curve {
  if (curve.length <= MOST_POINTS) return curve;
  const step = (curve.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => curve[Math.round(index * step)]).filter((point) => point !== undefined);
}
