import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { send } from './http.ts';
import { Refused, TryAgain } from './service.ts';

let server: Server;
let answer: (response: ServerResponse, path: string) => void;
let paths: string[];

beforeEach(async () => {
  paths = [];
  server = createServer((request, response) => {
    const { url = '' } = request;
    paths.push(url);
    request.resume().once('end', () => answer(response, url));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const post = (more: Partial<Parameters<typeof send>[0]> = {}) =>
  send({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`,
    body: '{"text":"é"}',
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    ...more,
  });

it('follows no redirect, so that no other server gets the message', async () => {
  answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
  await expect(post()).rejects.toThrow(new Refused('it answered 307', 307));
  expect(paths).toEqual(['/a']);
});

it('gives up an answer that begins and never ends', async () => {
  answer = (response) => void response.writeHead(200).write('{');
  await expect(post({ timeoutMs: 300 })).rejects.toThrow(new TryAgain('it did not answer in time'));
});

it('ends with the session, before and while it is answered', async () => {
  const stop = new AbortController();
  answer = (response) => {
    response.writeHead(200).write('{');
    stop.abort();
  };
  await expect(post({ signal: stop.signal })).rejects.toThrow(TryAgain);
  await expect(post({ signal: stop.signal })).rejects.toThrow(TryAgain);
  expect(paths).toEqual(['/a']);
});

it('sends again what was sent on a connection that the server closed just then', async () => {
  const used = new WeakSet<Socket>();
  answer = (response) => {
    const socket = response.socket as Socket;
    // A reset instead of an answer, where it was used before.
    if (used.has(socket)) socket.resetAndDestroy();
    else response.end('taken');
    used.add(socket);
  };
  for (let time = 0; time < 3; time++) expect(await post()).toBe('taken');
});

it('names no address where nothing listens, and none that is no address of the web', async () => {
  await expect(post({ url: 'http://127.0.0.1:1/secret' })).rejects.toThrow(new TryAgain('it could not be reached (ECONNREFUSED)'));
  await expect(post({ url: 'ftp://secret.example' })).rejects.toThrow(new TryAgain('it could not be reached (ERR_INVALID_PROTOCOL)'));
});
