/** Who measures what just now, as text. */
import type { ShownReservation } from '../swarm/reservations.ts';
import { formatSeconds, plural } from './format.ts';
import { oneLine } from './text.ts';

const MOST_SHOWN = 20;

/** One section; none where nothing is reserved. `now` in milliseconds. */
export function reservedText(reserved: readonly ShownReservation[], now: number): string[] {
  if (reserved.length === 0) return [];
  const shown = reserved.toSorted((a, b) => b.at - a.at).slice(0, MOST_SHOWN);
  const lines = shown.map(({ node, owner, title, at }) => {
    const age = Math.max(0, Math.round(now / 1000 - at));
    return `${node} (${oneLine(owner)}) is measuring: ${oneLine(title)}, for ${formatSeconds(age)}`;
  });
  const more = reserved.length - shown.length;
  return [[...lines, ...(more > 0 ? [`and ${plural(more, 'change')} more`] : [])].join('\n')];
}
