/** The files that hold a run's events: each begins with the event whose number is its name. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../plugin.ts';

export interface Segment {
  /** The number of its first event. */
  readonly first: number;
  readonly file: string;
}

const NAME = /^(\d{15})\.jsonl$/;

export function eventsDirOf(runDir: string): string {
  return join(runDir, 'events');
}

export function segmentFile(dir: string, first: number): string {
  return join(dir, `${String(first).padStart(15, '0')}.jsonl`);
}

/** Oldest first; empty where there is no folder yet. */
export function listSegments(dir: string): Segment[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return [];
  }
  return names
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => ({ first: Number(name.slice(0, 15)), file: join(dir, name) }));
}

/** The event of a line; null for a line that a kill or a full disk cut short, and for one that is no event. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const event = JSON.parse(line) as Partial<RunEvent> | null;
    const isEvent = Number.isSafeInteger(event?.seq) && typeof event?.type === 'string' && typeof event.at === 'string';
    return isEvent ? (event as RunEvent) : null;
  } catch {
    return null;
  }
}
