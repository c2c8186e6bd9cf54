/** Numbers and times as the page writes them. */
import type { PageHead } from '../../src/page/model.ts';
import { formatNumber, formatSeconds, formatSigned } from '../../src/views/format.ts';
import { formatInterval, isBounded } from '../../src/views/estimate.ts';

export function score(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? '–' : formatNumber(value, decimals);
}

/** With a minus that is as wide as the plus. */
export function delta(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? '' : formatSigned(value, decimals).replace('-', '−');
}

export function significant(value: number | null | undefined, digits = 6): string {
  return value === null || value === undefined ? '–' : String(Number(value.toPrecision(digits)));
}

/** A gain with its 95 % interval, where there is one. */
export function gainText(worth: number, low: number | null, high: number | null, digits: number): string {
  if (low === null || high === null || !isBounded(low, high)) return `${formatNumber(worth, digits)} raw`;
  return formatInterval({ value: worth, low, high }, digits);
}

/** In the reader's zone and language. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `3:07`, `1:02:09`: a clock that does not change its width every second. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `3 of 60, about 6m 39s left`: what is done of the budget. */
export function progressText({ forecast, used, budget }: Pick<PageHead, 'forecast' | 'used' | 'budget'>): string {
  const done = budget.experiments === undefined ? String(used.experiments) : `${used.experiments} of ${budget.experiments}`;
  return forecast === null ? done : `${done}, about ${formatSeconds(forecast.seconds)} left`;
}
