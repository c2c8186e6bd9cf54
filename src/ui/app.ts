/** The routes of the server, behind one guard. */
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Reviewer, RunDecision } from '../contract/decisions.ts';
import { parseDecision } from '../decisions/parse.ts';
import { isRecord } from '../decisions/small-file.ts';
import { AutoresearchError, messageOf } from '../errors.ts';
import { readPageFile, type PageFile } from '../page/built.ts';
import type { SectionName } from '../page/model.ts';
import { addComparing } from './comparing.ts';
import { readCursor, writeCursor, type Feed } from './feed.ts';
import { HEADERS, isKnown, isSame, refuseRequest, sessionCookie, type Access } from './guard.ts';
import type { Hub } from './hub.ts';

export interface AppInput {
  readonly feed: Feed;
  readonly hub: Hub;
  /** Known once the server has a port. */
  readonly access: () => Access;
  /** Who decides: the user of this machine. */
  readonly by: (kind: unknown) => Promise<Reviewer>;
  /** Says in words what came of it. */
  readonly decide: (decision: RunDecision) => Promise<string>;
}

const FIRST_ROWS = 1000;
const MOST_ROWS = 5000;
const MOST_BODY = 64 * 1024;
const FILES = [
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
] as const satisfies readonly (readonly [string, PageFile, string])[];
const SECTIONS: readonly SectionName[] = ['ranked', 'decide', 'audits', 'agents', 'compromises', 'parameters', 'slots', 'setup', 'nodes'];
const LOCKED = 'open the link that `autoresearch ui` prints: it lets this browser in';

export function createApp(input: AppInput): Hono {
  const app = new Hono();
  app.use('*', async (c, next) => {
    setHeaders(c);
    const access = input.access();
    const { method, path } = c.req;
    const asked = { method, host: c.req.header('host'), origin: c.req.header('origin'), cookie: c.req.header('cookie') };
    const refusal = refuseRequest(asked, access);
    if (refusal !== null) return c.json({ error: refusal.text }, refusal.status);
    const token = c.req.query('token');
    if (path === '/' && token !== undefined && isSame(token, access.token)) {
      c.header('Set-Cookie', sessionCookie(access));
      return c.redirect('/', 303);
    }
    if (isKnown(asked, access)) return next();
    return path.startsWith('/api/') ? c.json({ error: LOCKED }, 401) : c.text(`${LOCKED}\n`, 401);
  });
  app.get('/', (c) => c.html(readPageFile('index.html')));
  for (const [path, file, type] of FILES) app.get(path, (c) => c.body(readPageFile(file), 200, { 'Content-Type': type }));
  addReading(app, input);
  if (input.feed.comparisons !== undefined) addComparing(app, input.feed.comparisons);
  addActing(app, input);
  app.notFound((c) => {
    setHeaders(c);
    return c.json({ error: 'there is nothing here' }, 404);
  });
  app.onError((error, c) => {
    setHeaders(c);
    return answerError(error, c);
  });
  return app;
}

function setHeaders(c: Context): void {
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
}

function addReading(app: Hono, { feed, hub, access }: AppInput): void {
  app.get('/api/start', (c) => {
    const count = feed.count();
    return c.json({
      head: feed.head(),
      rows: feed.rowsBefore(count, FIRST_ROWS),
      place: Math.max(0, count - FIRST_ROWS),
      canAct: !access().isReadOnly,
      cursor: writeCursor(feed.cursor()),
      recent: feed.recent(),
    });
  });
  app.get('/api/rows', (c) => {
    const numberIn = (name: string): number | null => (/^\d{1,9}$/.test(c.req.query(name) ?? '') ? Number(c.req.query(name)) : null);
    const before = numberIn('before');
    if (before === null) return c.json({ error: 'before is no number' }, 400);
    return c.json(feed.rowsBefore(before, Math.min(MOST_ROWS, numberIn('limit') ?? FIRST_ROWS)));
  });
  app.get('/api/experiments/:id{[0-9]{1,9}}', async (c) => c.json(await feed.detail(Number(c.req.param('id')))));
  app.get('/api/sections/:name', async (c) => {
    const name = SECTIONS.find((section) => section === c.req.param('name'));
    return name === undefined ? c.notFound() : c.json(await feed.section(name));
  });
  app.get('/api/events', (c) => {
    const stream = hub.open(readCursor(c.req.header('last-event-id') ?? c.req.query('after')));
    if (stream === null) return c.json({ error: 'too many pages are open' }, 503);
    return c.body(stream, 200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  });
}

function addActing(app: Hono, { by, decide }: AppInput): void {
  const limit = bodyLimit({ maxSize: MOST_BODY, onError: (c) => c.json({ error: 'the request is too large' }, 413) });
  app.post('/api/decisions', limit, async (c) => {
    // A form of another page cannot send this type.
    if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) return c.json({ error: 'the request is no JSON' }, 415);
    const wish = await c.req.json<unknown>().catch(() => null);
    const decision = isRecord(wish) ? parseDecision({ ...wish, by: await by(wish['kind']) }) : 'it is no object';
    if (typeof decision === 'string') return c.json({ error: `this cannot be decided: ${decision}` }, 400);
    return c.json({ text: await decide(decision) });
  });
}

function answerError(error: Error, c: Context): Response {
  const isExpected = error instanceof AutoresearchError;
  const text = isExpected ? `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}` : messageOf(error);
  return c.json({ error: text }, isExpected ? 409 : 500);
}
