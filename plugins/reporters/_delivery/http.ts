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

const LONGEST_WAIT_SECONDS = 3600;
/** Enough of an answer to say what is wrong. */
const MAX_SAID = 300;

/** Sends a request and gives the text of the answer. No message names the address, which can be a secret. */
export async function send({ url, method = 'POST', headers, body, timeoutMs, signal, again = [] }: Request): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { 'user-agent': 'autoresearch', ...headers },
      ...(body !== undefined && { body }),
      // Redirects are not followed: another server would get the message, and the key with it.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
    });
    text = await response.text();
  } catch (error) {
    throw new TryAgain(wordsOf(error));
  }
  if (response.ok) return text;
  const { status } = response;
  const why = `it answered ${status}`;
  if (status === 408 || status === 429 || status >= 500 || again.includes(status)) throw new TryAgain(why, waitOf(response));
  throw new Refused(why, status, text.slice(0, MAX_SAID));
}

/** `Retry-After` in seconds; a date is not used by the services this speaks with. */
function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '0');
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS) * 1000 : 0;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached';
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? `it could not be reached (${String(cause.code)})` : 'it could not be reached';
}
