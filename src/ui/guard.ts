/**
 * Who may talk to the server. Any page in the same browser can send requests to a local port, and a name of its own can point
 * there: so the Host must be one we gave out, a POST must come from our own page, and everything needs the cookie that the
 * first link was exchanged for.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Access {
  /** Exactly what Host may be, with port. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** In the first link. */
  readonly token: string;
  /** In the cookie. */
  readonly session: string;
  readonly isReadOnly: boolean;
}

export interface Asked {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
}

export interface Refusal {
  readonly status: 403 | 405 | 421;
  readonly text: string;
}

/** The key outlives the server, so that an open page goes on when it is started again on the same port. */
export function accessFor(key: Buffer, given: Pick<Access, 'hosts' | 'port' | 'isReadOnly'>): Access {
  const session = createHmac('sha256', key).update(`ui session ${given.port}`).digest('base64url');
  return { ...given, token: randomBytes(24).toString('base64url'), session };
}

/** Cookies do not tell ports apart, so their names do. */
export function cookieName({ port }: Pick<Access, 'port'>): string {
  return `autoresearch_${port}`;
}

/** Why a request is refused before its cookie is looked at; null where it is not. */
export function refuseRequest({ method, host, origin }: Asked, { hosts, isReadOnly }: Access): Refusal | null {
  if (host === undefined || !hosts.includes(host)) return { status: 421, text: 'this is not a host of this server' };
  if (method === 'GET' || method === 'HEAD') return null;
  if (method !== 'POST') return { status: 405, text: 'only GET and POST' };
  if (origin !== `http://${host}`) return { status: 403, text: 'not from this page' };
  return isReadOnly ? { status: 403, text: 'this page can only be read: the server was started with --read-only' } : null;
}

export function isKnown({ cookie }: Pick<Asked, 'cookie'>, access: Access): boolean {
  const name = `${cookieName(access)}=`;
  const values = (cookie ?? '').split(/;\s*/).flatMap((part) => (part.startsWith(name) ? [part.slice(name.length)] : []));
  return values.some((value) => isSame(value, access.session));
}

export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function sessionCookie(access: Access): string {
  return `${cookieName(access)}=${access.session}; HttpOnly; SameSite=Strict; Path=/`;
}

/** On every answer, whatever comes of the request. */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
