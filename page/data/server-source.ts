/** The data of a live page: its newest rows first, the older ones page by page, then whatever happens. */
import type { RunEvent } from '../../src/contract/events.ts';
import type { PageDetail } from '../../src/page/detail-model.ts';
import type { Between, RunComparison } from '../../src/page/compare-model.ts';
import type { PageHead, PageRow, PageSections, SectionName } from '../../src/page/model.ts';
import type { Listener, Source } from './source.ts';

/** The first answer of the server. */
export interface PageStart {
  readonly head: PageHead;
  /** The newest rows, oldest first. */
  readonly rows: readonly PageRow[];
  /** How many rows are older than these. */
  readonly place: number;
  readonly canAct: boolean;
  /** Where the stream of events goes on. */
  readonly cursor: string;
  /** The events of what is under way. */
  readonly recent: readonly RunEvent[];
}

const OLDER_ROWS = 4000;

export async function serverSource(): Promise<Source> {
  const start = await getJson<PageStart>('/api/start');
  return {
    canAct: start.canAct,
    listen(listener) {
      listener.head(start.head);
      listener.rows(start.rows, true);
      for (const event of start.recent) listener.event(event);
      listener.connection('open');
      followEvents(start.cursor, listener);
      void readOlder(start.place, listener);
    },
    detail: (id, run = null) =>
      getJson<PageDetail | null>(run === null ? `/api/experiments/${id}` : `/api/runs/${encodeURIComponent(run)}/experiments/${id}`),
    otherRuns: () => getJson<readonly string[]>('/api/runs'),
    withRun: (run) => getJson<RunComparison | null>(`/api/runs/${encodeURIComponent(run)}`),
    between: (id, { run, id: other }) =>
      getJson<Between | null>(`/api/between/${id}/${other ?? id}${run === null ? '' : `?run=${encodeURIComponent(run)}`}`),
    section: <K extends SectionName>(name: K) => getJson<PageSections[K]>(`/api/sections/${name}`),
    wish: async (wish) => (await postJson<{ readonly text: string }>('/api/decisions', wish)).text,
  };
}

/** Rows that were settled before those the page began with. */
async function readOlder(place: number, listener: Listener): Promise<void> {
  for (let before = place; before > 0; before -= OLDER_ROWS) {
    const rows = await getJson<readonly PageRow[]>(`/api/rows?before=${before}&limit=${OLDER_ROWS}`).catch(() => null);
    if (rows === null) return;
    listener.rows(rows, true);
    // Between two parts the page answers its reader.
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The browser connects again by itself, and says what it had last. */
function followEvents(cursor: string, listener: Listener): void {
  const stream = new EventSource(`/api/events?after=${encodeURIComponent(cursor)}`);
  const on = <T>(name: string, act: (value: T) => void): void =>
    stream.addEventListener(name, (message: MessageEvent<string>) => act(JSON.parse(message.data) as T));
  on<PageHead>('head', (head) => listener.head(head));
  on<readonly PageRow[]>('rows', (rows) => listener.rows(rows, false));
  on<RunEvent>('run', (event) => listener.event(event));
  stream.addEventListener('open', () => listener.connection('open'));
  stream.addEventListener('error', () => listener.connection(stream.readyState === EventSource.CLOSED ? 'ended' : 'lost'));
}

async function getJson<T>(path: string): Promise<T> {
  return answerOf<T>(await fetch(path, { headers: { accept: 'application/json' } }));
}

async function postJson<T>(path: string, body: unknown): Promise<T> {
  return answerOf<T>(await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));
}

async function answerOf<T>(response: Response): Promise<T> {
  const value = (await response.json().catch(() => null)) as (T & { readonly error?: string }) | null;
  if (response.ok) return value as T;
  throw new Error(value?.error ?? `the server answered ${response.status}`);
}
