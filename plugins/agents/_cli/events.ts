import type { Event } from './types.ts';

/** The JSON objects of an output that has one on each line; other lines are ignored. */
export function eventsOf(output: string): Event[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** A number; undefined for anything else a program may print there. */
export function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The text of a message's parts. */
export function textOf(parts: unknown): string {
  if (!Array.isArray(parts)) return '';
  return parts.map((part: Event) => (part?.type === 'text' && typeof part.text === 'string' ? part.text : '')).join('');
}
