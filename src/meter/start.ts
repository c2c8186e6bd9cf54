import { randomBytes } from 'node:crypto';
import { createServer, Agent as HttpAgent, type Server } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Meter, MeterOptions, UpstreamError } from '../contract/meter.ts';
import { refusal } from './refuse.ts';
import { spellingOf } from './headers.ts';
import { isModelCall } from './paths.ts';
import { serve } from './serve.ts';
import { Tally } from './tally.ts';
import { Turns } from './turns.ts';

/**
 * Starts a proxy on this machine only, with a port and a token of its own. It passes calls of model
 * APIs on to one place and counts what they used. The agent gets `url` and `token`, never the key.
 */
export async function startMeter(options: MeterOptions): Promise<Meter> {
  const upstream = upstreamOf(options);
  const { caps = {}, prices } = options;
  if (caps.usd !== undefined && prices === undefined) throw new Error('a limit in dollars needs prices');
  const tally = new Tally(caps, prices);
  const turns = new Turns(tally);
  const token = `ar-${randomBytes(24).toString('hex')}`;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const connections = new (upstream.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const pending = new Set<Promise<void>>();
  let last: UpstreamError | null = null;
  let capped: string | null = null;

  const server = createServer((request, response) => {
    options.onActivity?.();
    const url = URL.parse(request.url ?? '', 'http://agent');
    const spelling = url && spellingOf(request.headers, url, token);
    if (url === null || url.host !== 'agent' || spelling === null)
      return refusal(response, 401, 'this proxy serves one agent, and this is not its token');
    if (!isModelCall(request.method ?? '', url.pathname))
      return refusal(response, 404, `${request.method} ${url.pathname} is not a call of a model, which is all that this proxy passes on`);
    const call = { request, response, url, upstream, connections, spelling: options.auth ?? spelling, key: options.key };
    const done = serve({ ...call, turns, signal, ...(options.onActivity && { onActivity: options.onActivity }) }).then((served) => {
      if (served?.refused !== undefined) capped = served.refused;
      if (served?.error !== undefined) last = served.error;
    });
    pending.add(done);
    void done.finally(() => pending.delete(done));
  });
  const url = await listen(server);

  return {
    url,
    token,
    usage: () => tally.usage(),
    lastError: () => last,
    capped: () => capped,
    async close() {
      stop.abort();
      server.close();
      await Promise.all(pending);
      server.closeAllConnections();
      connections.destroy();
    },
  };
}

function upstreamOf({ upstream, key }: MeterOptions): URL {
  const url = URL.parse(upstream);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`the meter's upstream ${upstream} is not an http or https address`);
  if (key === '') throw new Error('the meter has no key');
  return url;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
