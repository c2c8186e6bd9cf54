import type { UpstreamError } from '../contract/meter.ts';
import { forward, type Call } from './forward.ts';
import { isGeneration } from './paths.ts';
import { readRequest } from './read-request.ts';
import { refusal } from './refuse.ts';
import type { Turns } from './turns.ts';

type Served = { readonly refused: string; readonly error?: never } | { readonly refused?: never; readonly error: UpstreamError | null };

/** Takes one call from its request to its last byte: waits for its turn, passes it on, counts it. Null where it was given up. */
export async function serve({ turns, ...call }: Omit<Call, 'body'> & { readonly turns: Turns }): Promise<Served | null> {
  const { request, response, url } = call;
  const gone = new AbortController();
  // If the agent hangs up, the call is ended, because the rest would still cost money.
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([call.signal, gone.signal]);
  const read = await readRequest(request, url.pathname);
  if (read === null) {
    refusal(response, 413, 'autoresearch: the request is larger than any model takes');
    return null;
  }
  let refused: string | null;
  try {
    refused = await turns.begin(read.asked, signal);
  } catch {
    // The agent hung up while it waited for its turn.
    response.destroy();
    return null;
  }
  if (refused !== null) {
    refusal(response, 403, `autoresearch: ${refused}`);
    return { refused };
  }
  const { answered, error } = await forward({ ...call, body: read.bytes, signal });
  turns.end(read.asked, isGeneration(request.method ?? '', url.pathname) ? answered : null);
  return { error };
}
