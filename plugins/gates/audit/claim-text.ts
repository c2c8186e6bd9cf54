import type { Audit } from '../../../src/plugin.ts';

const SHOWN = { gain: 'gain shown', none: 'no gain shown', loss: 'loss shown' } as const;

/** `gain shown: val_bpb −0.0123 (95 % −0.0150 to −0.0096)` */
export function claimText(label: string, { value, low, high, shown }: Audit['claim']): string {
  const digits = digitsFor(high - low, value);
  const number = (figure: number) => signed(figure, digits);
  return `${SHOWN[shown]}: ${label} ${number(value)} (95 % ${number(low)} to ${number(high)})`;
}

/** Two digits of half the interval are all that can be told; without an interval, four of the value. */
function digitsFor(width: number, value: number): number {
  const [size, wanted] = width > 0 ? [width / 2, 2] : [Math.abs(value), 4];
  if (!(size > 0 && size < Infinity)) return 0;
  return Math.min(15, Math.max(0, wanted - 1 - Math.floor(Math.log10(size))));
}

function signed(value: number, digits: number): string {
  const shown = Math.abs(value).toFixed(digits);
  if (Number(shown) === 0) return shown;
  return `${value > 0 ? '+' : '−'}${shown}`;
}
