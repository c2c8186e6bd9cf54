import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { MeterOptions } from '../contract/meter.ts';

/** Headers of one connection only, and those that say something about this machine. */
const STRIPPED = new Set(
  (
    'connection keep-alive te trailer transfer-encoding upgrade expect host accept-encoding ' +
    'authorization x-api-key api-key x-goog-api-key cookie set-cookie forwarded via x-real-ip referer origin'
  ).split(' '),
);
const isStripped = (name: string) => STRIPPED.has(name) || name.startsWith('proxy-') || name.startsWith('x-forwarded-');

type Spelling = NonNullable<MeterOptions['auth']>;

/** The places where an agent gives its token, each with what it gave there. */
function givenTokens(headers: IncomingHttpHeaders, url: URL): Array<[Spelling, string]> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const places: Array<[Spelling, unknown]> = [
    ['x-api-key', headers['x-api-key'] ?? headers['api-key']],
    ['bearer', bearer],
    ['x-goog-api-key', headers['x-goog-api-key']],
    ['x-goog-api-key', url.searchParams.get('key') ?? undefined],
  ];
  return places.filter((place): place is [Spelling, string] => typeof place[1] === 'string');
}

/** How the agent gave its token; null when it did not, or gave another. */
export function spellingOf(headers: IncomingHttpHeaders, url: URL, token: string): Spelling | null {
  return givenTokens(headers, url).find(([, given]) => isSame(given, token))?.[0] ?? null;
}

/** Compares in constant time, so that the time reveals nothing. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The agent's headers without its credentials, with the real key. */
export function headersUp(headers: IncomingHttpHeaders, key: string, spelling: Spelling): OutgoingHttpHeaders {
  const kept = passOn(headers);
  const name = spelling === 'bearer' ? 'authorization' : spelling;
  // Usage cannot be read from a body with a compression that we do not know.
  return { ...kept, 'accept-encoding': 'identity', [name]: spelling === 'bearer' ? `Bearer ${key}` : key };
}

/** Headers without those that are not passed on; also for answers. */
export function passOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isStripped(name) && !named.includes(name)));
}

/** Milliseconds an answer asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterOf(headers: IncomingHttpHeaders, now = Date.now()): number | undefined {
  const exact = Number(headers['retry-after-ms'] ?? NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
