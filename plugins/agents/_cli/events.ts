import type { Event } from './types.ts';

/** The JSON objects of an output with one on each line; whatever else is printed between them is left out. */
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

/** A figure, whatever a program prints in its place. */
export function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The text of a message's parts. */
export function textOf(parts: unknown): string {
  if (!Array.isArray(parts)) return '';
  return parts.map((part: Event) => (part?.type === 'text' && typeof part.text === 'string' ? part.text : '')).join('');
}
