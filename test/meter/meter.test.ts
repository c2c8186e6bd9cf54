import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMeter } from '../../src/meter/start.ts';
import type { MeterOptions } from '../../src/plugin.ts';
import { callOf, FAMILIES, send, type Family } from '../helpers/model-calls.ts';
import { until } from '../helpers/processes.ts';
import { SCENARIOS } from '../helpers/stub-models/scenarios.ts';
import { startStubModels } from '../helpers/stub-models/server.ts';
import type { Scenario } from '../helpers/stub-models/types.ts';

const KEY = 'the-real-key';
const families = Object.keys(FAMILIES) as Family[];

async function meterTo(upstream: string, options: Partial<MeterOptions> = {}) {
  const meter = await startMeter({ upstream, key: KEY, ...options });
  onTestFinished(() => meter.close());
  return meter;
}

async function stub(scenario: Scenario = SCENARIOS.edit, options: Partial<MeterOptions> = {}) {
  const models = await startStubModels(scenario);
  onTestFinished(() => models.close());
  const meter = await meterTo(models.url, options);
  const ask = (family: Family = 'anthropic', isStream = true, headers: Record<string, string> = { 'x-api-key': meter.token }) =>
    send(meter.url, callOf(family, isStream), headers);
  return { models, meter, ask };
}

async function upstream(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what is counted', () => {
  it.each(families.flatMap((family) => [false, true].map((isStream) => ({ family, isStream }))))(
    'is what was served: $family, stream $isStream',
    async ({ family, isStream }) => {
      const { models, meter, ask } = await stub();
      for (let i = 0; i < 3; i += 1) {
        const direct = await send(models.url, callOf(family, isStream), {});
        const answer = await ask(family, isStream);
        expect(answer.status).toBe(200);
        const plain = (text: string) => text.replaceAll(/(toolu|call)_\w+|,?"(stream_options|usage)":\{.*?\}(?=[,}])/g, '');
        if (family !== 'chat') expect(plain(await answer.text())).toBe(plain(await direct.text()));
        else await answer.text();
      }
      const { requests, ...served } = models.served;
      expect(requests).toBe(6);
      // A chat stream that nobody asked for figures has none, and the meter always asks.
      const share = family === 'chat' && isStream ? 1 : 2;
      expect(meter.usage()).toMatchObject(Object.fromEntries(Object.entries(served).map(([name, count]) => [name, count / share])));
      expect(meter.usage()).toMatchObject({ requests: 3, uncounted: 0 });
      expect(meter.lastError()).toBeNull();
    },
  );

  it('has dollars by the prices given, and none when a model has no price', async () => {
    const prices = { 'claude-x': { input: 1e6, output: 0 }, claude: { input: 0, output: 0 }, '*': { input: 0, output: 1e6 } };
    const { meter, ask } = await stub(SCENARIOS.edit, { prices });
    await (await ask('anthropic')).text();
    expect(meter.usage().usd).toBe(meter.usage().inputTokens);
    const { outputTokens } = meter.usage();
    const before = meter.usage().usd ?? NaN;
    await (await ask('gemini')).text();
    expect(meter.usage().usd).toBeCloseTo(before + meter.usage().outputTokens - outputTokens);

    const other = await stub(SCENARIOS.edit, { prices: { gpt: { input: 1, output: 1 } } });
    await (await other.ask('anthropic')).text();
    expect(other.meter.usage()).not.toHaveProperty('usd');
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('is read from answers that come as %s though nobody asked for it', async (encoding, compress) => {
    const body = JSON.stringify({ model: 'm', usage: { input_tokens: 11, output_tokens: 7 } });
    let asked: IncomingMessage['headers'] = {};
    const url = await upstream((request, response) => {
      asked = request.headers;
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(compress(body));
    });
    const meter = await meterTo(url);
    const answer = await send(meter.url, callOf('anthropic', false), { 'x-api-key': meter.token, 'accept-encoding': 'gzip, br' });
    expect(await answer.text()).toBe(body);
    expect(asked['accept-encoding']).toBe('identity');
    expect(meter.usage()).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });
});

describe('the key', () => {
  it.each<[string, Record<string, string>, string, Record<string, string | undefined>]>([
    [
      'x-api-key',
      { 'x-api-key': 'TOKEN', cookie: 'a=b', 'x-forwarded-for': '10.0.0.1' },
      '',
      { 'x-api-key': KEY, authorization: undefined },
    ],
    [
      'authorization',
      { authorization: 'Bearer TOKEN', 'x-api-key': 'another' },
      '',
      { authorization: `Bearer ${KEY}`, 'x-api-key': undefined },
    ],
    ['x-goog-api-key', { 'x-goog-api-key': 'TOKEN' }, '', { 'x-goog-api-key': KEY }],
    ['?key=', {}, '?key=TOKEN&alt=sse', { 'x-goog-api-key': KEY }],
  ])('takes the place of the token in %s, and all other credentials are taken away', async (_name, headers, query, expected) => {
    const { models, meter } = await stub();
    const mine = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('TOKEN', meter.token)]));
    const { path, body } = callOf('anthropic', false);
    const answer = await send(meter.url, { path: path + query.replace('TOKEN', meter.token), body }, { ...mine, 'anthropic-beta': 'x' });
    expect(answer.status).toBe(200);
    const [request] = models.requests;
    expect(request?.headers).toMatchObject({ ...(JSON.parse(JSON.stringify(expected)) as object), 'anthropic-beta': 'x' });
    for (const [name, value] of Object.entries(expected)) expect(request?.headers[name]).toBe(value);
    expect(request?.headers).not.toHaveProperty('cookie');
    expect(request?.headers).not.toHaveProperty('x-forwarded-for');
    expect(JSON.stringify(request)).not.toContain(meter.token);
    expect(JSON.stringify([...answer.headers]) + (await answer.text())).not.toContain(KEY);
  });

  it('can be given in another way than the token', async () => {
    const { models, ask } = await stub(SCENARIOS.edit, { auth: 'bearer' });
    await ask();
    expect(models.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(models.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it.each([{}, { 'x-api-key': KEY }, { 'x-api-key': 'ar-guess' }, { authorization: `Basic ${KEY}` }])(
    'is not used for a caller with %j',
    async (headers: Record<string, string>) => {
      const { models, meter, ask } = await stub();
      const answer = await ask('anthropic', true, headers);
      expect(answer.status).toBe(401);
      expect(models.requests).toEqual([]);
      expect(meter.usage().requests).toBe(0);
    },
  );

  it.each([
    ['DELETE', '/v1/files/1'],
    ['GET', '/v1/organization/admin_api_keys'],
    ['POST', '/v1/files'],
    ['POST', '/v1/messages/batches'],
    ['GET', '/v1/messages'],
  ])('is not used for %s %s', async (method, path) => {
    const { models, meter } = await stub();
    const answer = await fetch(meter.url + path, { method, headers: { 'x-api-key': meter.token } });
    expect(answer.status).toBe(404);
    expect(models.requests).toEqual([]);
  });

  it('goes to no other place than the upstream', async () => {
    const { models, meter } = await stub();
    const { port } = new URL(meter.url);
    for (const target of ['http://example.org/v1/messages', '//example.org/v1/messages']) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(`POST ${target} HTTP/1.1\r\nHost: x\r\nx-api-key: ${meter.token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      expect(bytes.toString()).toMatch(/^HTTP\/1.1 4\d\d/);
    }
    expect(models.requests).toEqual([]);
  });

  it('goes to an https upstream below its path, and only to one whose certificate is known', async () => {
    const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');
    const paths: Array<string | undefined> = [];
    const server = createTlsServer({ key: fixture('key.pem'), cert: fixture('cert.pem') }, (request, response) => {
      paths.push(request.url);
      response.end('{"usage":{"input_tokens":1,"output_tokens":2}}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => server.close().closeAllConnections());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/gateway/`;

    const strict = await meterTo(url);
    expect((await send(strict.url, callOf('anthropic', false), { 'x-api-key': strict.token })).status).toBe(502);
    expect(strict.lastError()).toMatchObject({ status: null, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });

    const known = getCACertificates('default');
    setDefaultCACertificates([...known, fixture('cert.pem')]);
    onTestFinished(() => setDefaultCACertificates(known));
    const meter = await meterTo(url);
    expect((await send(meter.url, callOf('anthropic', false), { 'x-api-key': meter.token })).status).toBe(200);
    expect(paths).toEqual(['/gateway/v1/messages']);
    expect(meter.usage()).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });
});

describe('caps', () => {
  it.each<[string, Partial<MeterOptions>, RegExp]>([
    ['requests', { caps: { requests: 2 } }, /limit of 2 model requests/],
    ['tokens', { caps: { tokens: 60 } }, /limit of 60 tokens is used up \(\d+\)/],
    ['dollars', { caps: { usd: 0.5 }, prices: { claude: { input: 1e4, output: 0 } } }, /limit of \$0.5 is used up/],
  ])('of %s refuse what comes after, in words', async (_name, options, words) => {
    const { models, meter, ask } = await stub(SCENARIOS.endless, options);
    for (let i = 0; i < 2; i += 1) expect(await (await ask()).text()).toContain('message_stop');
    expect(meter.capped()).toBeNull();
    const refused = await ask();
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      type: 'error',
      error: { type: 'permission_error', message: expect.stringMatching(words) },
    });
    expect(meter.capped()).toMatch(words);
    expect(models.served.requests).toBe(2);
  });

  it('in dollars stop at a model without a price, and cannot be set without prices', async () => {
    const { ask } = await stub(SCENARIOS.edit, { caps: { usd: 5 }, prices: { gpt: { input: 1, output: 1 } } });
    await (await ask()).text();
    const refused = await ask();
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('claude-x-1 has no price')]);
    await expect(startMeter({ upstream: 'http://127.0.0.1:1', key: KEY, caps: { usd: 1 } })).rejects.toThrow('needs prices');
  });
});

/** An API that says it has used so many tokens, some time after it was asked. */
async function costly(tokens: { input_tokens: number; output_tokens: number }, waitMs: number): Promise<string> {
  return upstream((request, response) => {
    request.resume();
    setTimeout(() => response.end(JSON.stringify({ model: 'claude-x-1', usage: tokens })), waitMs);
  });
}

describe('many calls at once', () => {
  it.each<[string, Partial<MeterOptions>, number]>([
    ['tokens', { caps: { tokens: 3000 } }, 3000],
    ['dollars', { caps: { usd: 3 }, prices: { claude: { input: 1000, output: 1000 } } }, 3000],
    ['dollars, of a model without a price', { caps: { usd: 3 }, prices: { gpt: { input: 1, output: 1 } } }, 0],
  ])('cannot use more than the limit of %s and one call', async (_name, options, limit) => {
    const meter = await meterTo(await costly({ input_tokens: 690, output_tokens: 1000 }, 20), options);
    const { path } = callOf('anthropic', false);
    const body = JSON.stringify({ model: 'claude-x-1', max_tokens: 2000, messages: [] });
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(meter.url, { path, body }, { 'x-api-key': meter.token })));
    const { inputTokens, outputTokens } = meter.usage();
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(limit + 1690);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 403]));
    expect(meter.capped()).not.toBeNull();
  });

  it('go upstream together where there is room for the most that all may use', async () => {
    let most = 0;
    const open: ServerResponse[] = [];
    const answerAll = () => {
      for (const response of open.splice(0)) response.end('{"usage":{"input_tokens":1,"output_tokens":1}}');
    };
    const url = await upstream((request, response) => {
      request.resume();
      open.push(response);
      most = Math.max(most, open.length);
      // The first four wait for each other, and for a fifth that may not come; the others wait for nobody.
      if (most >= 4) setTimeout(answerAll, 200);
    });
    const meter = await meterTo(url, { caps: { tokens: 4100 } });
    const body = JSON.stringify({ max_tokens: 1000, messages: [] });
    await Promise.all(Array.from({ length: 9 }, () => send(meter.url, { path: '/v1/messages', body }, { 'x-api-key': meter.token })));
    expect([most, meter.usage().requests, meter.capped()]).toEqual([4, 9, null]);
  });

  it('wait no longer than their agent does', async () => {
    const { models, meter } = await stub(SCENARIOS.silent, { caps: { tokens: 100 } });
    const { path, body } = callOf('anthropic', true);
    const first = new AbortController();
    const second = new AbortController();
    const call = ({ signal }: AbortController) =>
      fetch(meter.url + path, { method: 'POST', body, headers: { 'x-api-key': meter.token }, signal }).catch(() => 'gone');
    const calls = [call(first)];
    await until('the first call', () => models.requests.length === 1);
    calls.push(call(second));
    second.abort();
    expect(await calls[1]).toBe('gone');
    first.abort();
    await until('the end of the call', () => models.open() === 0);
    expect([models.requests.length, meter.usage().requests]).toEqual([1, 1]);
  });
});

describe('a stream that the agent hangs up on', () => {
  const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
  const streams: Readonly<Record<Family, { start: string; piece: string }>> = {
    anthropic: {
      start: event({ type: 'message_start', message: { model: 'm', usage: { input_tokens: 50, output_tokens: 1 } } }),
      piece: event({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'word ' } }),
    },
    responses: { start: '', piece: event({ type: 'response.output_text.delta', delta: 'word ' }) },
    chat: { start: '', piece: event({ choices: [{ delta: { content: 'word ' } }] }) },
    gemini: { start: '', piece: event({ candidates: [{ content: { role: 'model', parts: [{ text: 'word ' }] } }] }) },
  };

  it.each(families)('counts what was delivered: %s', async (family) => {
    const { start, piece } = streams[family];
    const url = await upstream((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(start + piece.repeat(40));
    });
    const meter = await meterTo(url, { caps: { tokens: 40 } });
    const hangUp = new AbortController();
    const { path, body } = callOf(family, true);
    const headers = { 'x-api-key': meter.token };
    const answer = await fetch(meter.url + path, { method: 'POST', body, headers, signal: hangUp.signal });
    let read = '';
    for await (const chunk of answer.body ?? []) {
      read += Buffer.from(chunk).toString();
      if (read.length >= (start + piece.repeat(40)).length) break;
    }
    hangUp.abort();
    await until('the count', () => meter.usage().uncounted === 1);
    expect(meter.usage().outputTokens).toBe(50);
    expect(meter.usage().inputTokens).toBeGreaterThan(0);
    expect((await send(meter.url, callOf(family, true), headers)).status).toBe(403);
  });
});

it('what asks no model is not counted as an answer without figures', async () => {
  const url = await upstream((request, response) => void (request.resume(), response.end('{"input_tokens":7,"data":[]}')));
  const meter = await meterTo(url);
  const headers = { 'x-api-key': meter.token };
  await (await send(meter.url, { path: '/v1/messages/count_tokens', body: '{}' }, headers)).text();
  await (await fetch(`${meter.url}/v1/models`, { headers })).text();
  expect(meter.usage()).toMatchObject({ requests: 2, inputTokens: 0, outputTokens: 0, uncounted: 0 });
});

describe('what goes wrong upstream', () => {
  it('is remembered with the time to wait, until a request goes well', async () => {
    const { meter, ask } = await stub(SCENARIOS['rate limit']);
    const answer = await ask('responses');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(meter.lastError()).toEqual({ status: 429, code: 'rate_limit_error', message: 'slow down', retryAfterMs: 1000 });
    await ask('responses');
    await (await ask('responses')).text();
    expect(meter.lastError()).toBeNull();
    expect(meter.usage()).toMatchObject({ requests: 3, uncounted: 0 });
  });

  it('is a cut stream: the agent sees the cut, and what was said is counted', async () => {
    const { models, meter, ask } = await stub(SCENARIOS.cut);
    await expect(ask().then((answer) => answer.text())).rejects.toThrow();
    await until('the error', () => meter.lastError());
    expect(meter.lastError()).toMatchObject({ status: null, code: 'CUT' });
    expect(meter.usage().inputTokens).toBe(models.served.inputTokens);
    await expect(ask('chat').then((answer) => answer.text())).rejects.toThrow();
    await until('the count', () => meter.usage().uncounted === 2);
  });

  it('is an API that is not there', async () => {
    const meter = await meterTo('http://127.0.0.1:1');
    const answer = await send(meter.url, callOf('chat', true), { authorization: `Bearer ${meter.token}` });
    expect(answer.status).toBe(502);
    expect(meter.lastError()).toMatchObject({ status: null, code: 'ECONNREFUSED' });
  });

  it('is an API that never answers: whoever hangs up, or ends the meter, frees it', async () => {
    const { models, meter, ask } = await stub(SCENARIOS.silent);
    const hangUp = new AbortController();
    const { path, body } = callOf('anthropic', true);
    const call = fetch(meter.url + path, { method: 'POST', body, headers: { 'x-api-key': meter.token }, signal: hangUp.signal });
    await until('the call upstream', () => models.requests.length === 1);
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await until('the end of the call', () => models.open() === 0);
    expect(meter.lastError()).toBeNull();

    const second = ask();
    await until('the second call', () => models.requests.length === 2);
    await meter.close();
    expect((await second).status).toBe(502);
    await until('the end of that too', () => models.open() === 0);
    await expect(fetch(meter.url)).rejects.toThrow();
  });

  it('stops when the run is aborted', async () => {
    const abort = new AbortController();
    const { models, ask } = await stub(SCENARIOS.silent, { signal: abort.signal });
    const call = ask();
    await until('the call', () => models.requests.length === 1);
    abort.abort();
    expect((await call).status).toBe(502);
    await until('the end of the call', () => models.open() === 0);
  });
});

it('passes each piece of a stream on when it comes', async () => {
  let next: () => void = () => {};
  const url = await upstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"one":1}\n\n');
    next = () => response.end('data: {"usage":{"output_tokens":3}}\n\n');
  });
  let moved = 0;
  const meter = await meterTo(url, { onActivity: () => (moved += 1) });
  const answer = await send(meter.url, callOf('anthropic', true), { 'x-api-key': meter.token });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: {"one":1}\n\n');
  next();
  expect((await reader?.read())?.value).toContain('"output_tokens":3');
  expect((await reader?.read())?.done).toBe(true);
  expect(meter.usage().outputTokens).toBe(3);
  expect(moved).toBe(3);
});
