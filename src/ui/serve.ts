/** Starts the server of a page, and ends it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { getRequestListener } from '@hono/node-server';
import { AutoresearchError } from '../errors.ts';
import { createApp, type AppInput } from './app.ts';
import type { Feed } from './feed.ts';
import { accessFor, HEADERS, type Access } from './guard.ts';
import { Hub } from './hub.ts';

export interface ServeInput extends Pick<AppInput, 'by' | 'decide'> {
  readonly feed: Feed;
  /** Secret, and the same each time. */
  readonly key: Buffer;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly isReadOnly: boolean;
  readonly mayBeRemote: boolean;
}

export interface Serving {
  /** The link that lets a browser in. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

export async function serve(input: ServeInput): Promise<Serving> {
  const { host, port, isReadOnly, mayBeRemote, feed, key } = input;
  if (!LOOPBACK.has(host) && !mayBeRemote) {
    throw new AutoresearchError('USAGE', `--host ${host} would show this run to other machines`, {
      hint: 'add --allow-remote if that is meant; without it: ssh -L 8080:127.0.0.1:PORT this-machine',
    });
  }
  const hub = new Hub(feed);
  // No request is let in before the port is known.
  let access: Access = accessFor(key, { hosts: [], port: 0, isReadOnly });
  const app = createApp({ ...input, hub, access: () => access });
  // A malformed request, such as one whose path cannot be parsed, is answered before the routes.
  const errorHandler = (): Response => new Response('bad request', { status: 400, headers: HEADERS });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (...exchange) => void listener(...exchange));
  server.on('clientError', (_, socket) => {
    const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
    if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\n${headers.join('')}\r\n`);
  });
  const bound = await listen(server, host, port);
  access = accessFor(key, { hosts: hostsOf(host, bound), port: bound, isReadOnly });
  return {
    url: `http://${linkHost(host)}:${bound}/?token=${access.token}`,
    port: bound,
    async close() {
      hub.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses that port',
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new AutoresearchError('USAGE', `the page cannot be served at ${host}:${port}: ${WORDS[code] ?? code}`, {
      hint: 'another --port, or none for one that is free',
      cause: error,
    });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

const isAny = (host: string): boolean => host === '0.0.0.0' || host === '::';
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function linkHost(host: string): string {
  if (!isAny(host)) return inUrl(host);
  // A phone seldom knows the name of a machine.
  const outside = Object.values(networkInterfaces()).flatMap(
    (list) => list?.filter(({ internal, family }) => !internal && family === 'IPv4') ?? [],
  );
  return outside[0]?.address ?? hostname();
}

/** What browsers send as Host for this server. */
function hostsOf(host: string, port: number): string[] {
  const addresses = isAny(host) ? Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []) : [host];
  const local = LOOPBACK.has(host) || isAny(host) ? ['localhost', '127.0.0.1'] : [];
  return [...new Set([...addresses, ...local, ...(isAny(host) ? [hostname()] : [])])].map((name) => `${inUrl(name)}:${port}`);
}
