import { once } from 'node:events';
import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import { text } from 'node:stream/consumers';
import { Refused, TryAgain } from './service.ts';

export interface Request {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Statuses, besides 408, 429 and those from 500, after which another try may work. */
  readonly again?: readonly number[];
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** `Retry-After` as it was sent. */
  readonly retryAfter: string;
}

const LONGEST_WAIT_SECONDS = 3600;
/** Enough of an answer to say what is wrong. */
const MAX_SAID = 300;

/** Sends a request and gives the text of the answer. No message names the address, which can be a secret. */
export async function send(request: Request): Promise<string> {
  const {
    status,
    text: said,
    retryAfter,
  } = await exchange(request).catch((error: unknown) => {
    throw new TryAgain(wordsOf(error));
  });
  if (status >= 200 && status < 300) return said;
  const why = `it answered ${status}`;
  if (status === 408 || status === 429 || status >= 500 || request.again?.includes(status)) throw new TryAgain(why, waitOf(retryAfter));
  throw new Refused(why, status, said.slice(0, MAX_SAID));
}

/**
 * One request and its answer. `fetch` takes four times as much of the loop's thread. Redirects are not followed: another server
 * would get the message, and the key with it.
 */
async function exchange(request: Request, isFirst = true): Promise<Answer> {
  const { url, method = 'POST', headers, body, timeoutMs, signal } = request;
  signal.throwIfAborted();
  const call = (url.startsWith('https:') ? https : http)(url, {
    method,
    headers: { 'user-agent': 'autoresearch', ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...headers },
  });
  // What it fails with is told by whatever waits for it.
  call.on('error', () => {});
  let answer: IncomingMessage | null = null;
  const stop = (error: Error) => (answer ?? call).destroy(error);
  const limit = setTimeout(() => stop(new TimedOut()), timeoutMs);
  const abort = () => stop(new Error('stopped'));
  signal.addEventListener('abort', abort);
  try {
    call.end(body);
    [answer] = (await once(call, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, text: await text(answer), retryAfter: answer.headers['retry-after'] ?? '0' };
  } catch (error) {
    // The server closed a connection that was kept, just when it was used again.
    if (isFirst && call.reusedSocket && codeOf(error) === 'ECONNRESET' && !signal.aborted) return await exchange(request, false);
    throw error;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
  }
}

class TimedOut extends Error {}

/** `Retry-After` in seconds; a date is not used by the services this speaks with. */
function waitOf(retryAfter: string): number {
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS) * 1000 : 0;
}

function wordsOf(error: unknown): string {
  if (error instanceof TimedOut) return 'it did not answer in time';
  const code = codeOf(error);
  return code === null ? 'it could not be reached' : `it could not be reached (${code})`;
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
