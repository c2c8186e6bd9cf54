import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { tellSpend } from '../../src/events/spend.ts';
import { startMeter } from '../../src/meter/start.ts';
import type { Usage } from '../../src/plugin.ts';
import { callOf, send } from '../helpers/model-calls.ts';

it('tells what went through the meter while a proposal is made', async () => {
  const answer = { model: 'claude-x-1', usage: { input_tokens: 100, output_tokens: 20 }, content: [] };
  const api = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)));
  onTestFinished(() => void api.close());
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const told: Usage[] = [];
  const meter = await tellSpend(
    (options) => startMeter(options),
    (usage) => void told.push(usage),
  )({ upstream: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, key: 'real', prices: { '*': { input: 10, output: 100 } } });
  const ask = async () => (await send(meter.url, callOf('anthropic', false), { 'x-api-key': meter.token })).text();
  await ask();
  await expect.poll(() => told.length).toBeGreaterThan(0);
  await ask();
  await meter.close();
  expect(told.at(-1)).toEqual({ requests: 2, inputTokens: 200, cachedTokens: 0, outputTokens: 40, usd: 0.006, source: 'meter' });
});
