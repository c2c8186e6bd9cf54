import { createHmac } from 'node:crypto';
import type { Body } from './bodies.ts';

interface Post {
  readonly url: string;
  readonly key: string;
  readonly body: Body;
  readonly secret: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type Posted =
  | { readonly status: 'delivered' }
  /** Worth another try, at the earliest after this many milliseconds where the receiver said so. */
  | { readonly status: 'again'; readonly why: string; readonly afterMs: number }
  /** The receiver will never take it. */
  | { readonly status: 'refused'; readonly why: string };

const LONGEST_WAIT_SECONDS = 3600;

export async function post({ url, key, body, secret, timeoutMs, signal }: Post): Promise<Posted> {
  const headers: Record<string, string> = {
    'content-type': body.type,
    'idempotency-key': key,
    'user-agent': 'autoresearch',
    ...body.headers,
  };
  if (secret !== undefined) headers['x-autoresearch-signature'] = `sha256=${createHmac('sha256', secret).update(body.text).digest('hex')}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: body.text,
      // Redirects are not followed: another server would get the message and its signature.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
    });
    await response.body?.cancel();
    if (response.ok) return { status: 'delivered' };
    const why = `it answered ${response.status}`;
    const isBusy = response.status === 408 || response.status === 429 || response.status >= 500;
    return isBusy ? { status: 'again', why, afterMs: waitOf(response) } : { status: 'refused', why };
  } catch (error) {
    return { status: 'again', why: wordsOf(error), afterMs: 0 };
  }
}

/** `Retry-After` in seconds; a date is not used by the services this speaks with. */
function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '0');
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS) * 1000 : 0;
}

/** Without the address, which is a secret. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached';
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? `it could not be reached (${String(cause.code)})` : 'it could not be reached';
}
