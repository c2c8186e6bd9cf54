import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { MeterOptions, UpstreamError } from '../contract/meter.ts';
import { inflate } from './inflate.ts';
import { headersUp, passOn, retryAfterOf } from './headers.ts';
import { readAnswer, type Read } from './read-answer.ts';
import { refusal } from './refuse.ts';
import type { Answered } from './tally.ts';

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
  readonly upstream: URL;
  readonly connections: Agent;
  readonly spelling: NonNullable<MeterOptions['auth']>;
  readonly key: string;
  /** Aborted when the agent hangs up, or the meter ends. */
  readonly signal: AbortSignal;
  readonly onActivity?: () => void;
}

/** The result of a call; `answered` is null if no model answered. */
interface Passed {
  readonly answered: Answered | null;
  readonly error: UpstreamError | null;
}

/** Passes one call on and its answer back, reading along; always settles. */
export async function forward(call: Call): Promise<Passed> {
  const { response, signal, body } = call;
  const up = open(call);
  const upstream = answerOf(up);
  up.end(body);
  const { answer, error } = await upstream;
  if (answer !== undefined) return passBack(answer, call);
  refusal(response, 502, `the model API cannot be reached: ${error.message}`);
  // If the agent hangs up before the answer, the prompt was still read and counts.
  return signal.aborted ? { answered: NOTHING_CAME, error: null } : { answered: null, error };
}

const NOTHING_CAME: Answered = { found: { figures: {} }, delivered: 0, isWhole: false };

function open({ request, url, body, upstream, connections, spelling, key, signal }: Call): ClientRequest {
  const target = new URL(upstream);
  target.pathname = upstream.pathname.replace(/\/$/, '') + url.pathname;
  target.search = url.search;
  target.searchParams.delete('key');
  const headers = headersUp(request.headers, key, spelling);
  if (request.method === 'POST') headers['content-length'] = body.length;
  const options = { method: request.method, headers, agent: connections, signal };
  return target.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
}

type Upstream = { readonly answer: IncomingMessage; readonly error?: never } | { readonly answer?: never; readonly error: UpstreamError };

function answerOf(up: ClientRequest): Promise<Upstream> {
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
  return { answered: isGood ? { ...read, isWhole } : null, error: hungUp ? null : errorOf(answer, status, read, isWhole) };
}

/** There is room to write again, or the reader is gone. */
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
