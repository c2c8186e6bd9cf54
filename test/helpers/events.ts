import { join } from 'node:path';
import { readEvents } from '../../src/events/read.ts';
import { eventsDirOf } from '../../src/events/segments.ts';
import type { RunEvent, RunEventType } from '../../src/plugin.ts';
import { RUN } from './project.ts';

export const eventsDir = (projectDir: string, run = RUN) => eventsDirOf(join(projectDir, '.autoresearch', run));

/** Every event a run has kept. */
export async function eventsOf(projectDir: string, run = RUN): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of readEvents(eventsDir(projectDir, run))) events.push(event);
  return events;
}

export function ofType<T extends RunEventType>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** Are they numbered without a gap, and is none twice? */
export function numbersOf(events: readonly RunEvent[]): { first: number | undefined; isWhole: boolean } {
  const [first] = events;
  return { first: first?.seq, isWhole: events.every(({ seq }, index) => seq === (first?.seq ?? 0) + index) };
}
