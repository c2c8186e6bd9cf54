import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { MeterOptions, UpstreamError } from '../contract/meter.ts';
import { inflate } from './inflate.ts';
import { headersUp, passOn, retryAfterOf } from './headers.ts';
import { readAnswer, type Read } from './read-answer.ts';
import { refusal } from './refuse.ts';
import { withUsage } from './with-usage.ts';
import type { Found } from './tokens.ts';

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly upstream: URL;
  readonly connections: Agent;
  readonly spelling: NonNullable<MeterOptions['auth']>;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly onActivity?: () => void;
}

/** What became of a call; `found` is null when no model answered. */
interface Passed {
  readonly found: Found | null;
  readonly error: UpstreamError | null;
}

/** Passes one call on and its answer back, reading along; always settles. */
export async function forward(call: Call): Promise<Passed> {
  const { request, response, signal } = call;
  const gone = new AbortController();
  // An agent that hangs up has no use for the rest, which would still be paid for.
  response.once('close', () => gone.abort());
  const body = await withUsage(request, call.url.pathname);
  const up = open(call, body.length, AbortSignal.any([signal, gone.signal]));
  const answered = answerOf(up);
  pipeline(body.stream, up).catch(() => {});
  const { answer, error } = await answered;
  if (answer !== undefined) return passBack(answer, call);
  refusal(response, 502, `the model API cannot be reached: ${error.message}`);
  return { found: null, error: signal.aborted || gone.signal.aborted ? null : error };
}

function open(
  { request, url, upstream, connections, spelling, key }: Call,
  length: number | undefined,
  signal: AbortSignal,
): ClientRequest {
  const target = new URL(upstream);
  target.pathname = upstream.pathname.replace(/\/$/, '') + url.pathname;
  target.search = url.search;
  target.searchParams.delete('key');
  const headers = headersUp(request.headers, key, spelling);
  if (length !== undefined) headers['content-length'] = length;
  const options = { method: request.method, headers, agent: connections, signal };
  return target.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
}

type Answered = { readonly answer: IncomingMessage; readonly error?: never } | { readonly answer?: never; readonly error: UpstreamError };

function answerOf(up: ClientRequest): Promise<Answered> {
  return new Promise((resolve) => {
    up.once('response', (answer) => resolve({ answer }));
    up.on('error', ({ code, name, message }: NodeJS.ErrnoException) => resolve({ error: { status: null, code: code ?? name, message } }));
  });
}

async function passBack(answer: IncomingMessage, { response, onActivity }: Call): Promise<Passed> {
  const status = answer.statusCode ?? 502;
  const reader = inflate(answer.headers['content-encoding'], readAnswer(answer.headers['content-type'] ?? ''));
  response.writeHead(status, passOn(answer.headers));
  response.flushHeaders();
  let isWhole = true;
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      onActivity?.();
      reader.write(chunk);
      if (!response.write(chunk)) await drained(response);
    }
  } catch {
    isWhole = false;
  }
  const read = await reader.end();
  const hungUp = response.destroyed;
  if (isWhole) response.end();
  else response.destroy();
  const isGood = status >= 200 && status < 300;
  return { found: isGood ? read.found : null, error: hungUp ? null : errorOf(answer, status, read, isWhole) };
}

/** Room to write again, or nobody there to read. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

function errorOf({ headers }: IncomingMessage, status: number, { error }: Read, isWhole: boolean): UpstreamError | null {
  if (!isWhole) return { status: null, code: 'CUT', message: 'the answer broke off' };
  if (status < 400 && error === null) return null;
  const retryAfterMs = retryAfterOf(headers);
  return { status, code: error?.code ?? '', message: error?.message ?? '', ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
