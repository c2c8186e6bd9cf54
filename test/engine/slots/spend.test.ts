import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/contract/events.ts';
import { makeProject, run, set, stepsAgent } from '../../helpers/project.ts';
import type { SettledExperiment } from '../../../src/experiment.ts';

const usdOf = (experiments: readonly SettledExperiment[]) =>
  experiments.map(({ proposal }) => proposal.usage?.usd).filter((usd) => usd !== undefined);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

it('four slots ask for no more proposals than the dollars pay for, though none is recorded when they begin', async () => {
  const steps = [0.9, 0.8, 0.7, 0.6, 0.5].map((value) => ({ ...set(value), usage: { usd: 0.4 } }));
  const repo = makeProject({ slots: { count: 4 }, lookahead: 1, agent: stepsAgent(steps), budget: { cost: 1 } });
  const { experiments, end } = await run(repo.dir);
  expect(end.reason.code).toBe('BUDGET_COST');
  expect(usdOf(experiments)).toEqual([0.4, 0.4]);
});

/** A model whose answers cost ten cents each at a dollar for a million tokens. */
async function model(): Promise<string> {
  const answer = { type: 'message', content: [], model: 'm', usage: { input_tokens: 100_000, output_tokens: 0 } };
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Asks the model four or five times. */
const agentOf = (upstream: string) => `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  kind: 'agent', name: 'asker', apiVersion: 1, description: 'd', schema: false,
  create: (_options, { meter: start }) => ({
    async propose({ id, cwd, limits }) {
      const meter = await start({ upstream: '${upstream}', key: 'k', prices: { '*': { input: 1, output: 0 } }, caps: { usd: limits.usd } });
      for (let call = 0; call < 4 + id % 2; call++) {
        const body = JSON.stringify({ model: 'm', max_tokens: 1, messages: [] });
        const answer = await fetch(meter.url + '/v1/messages', { method: 'POST', headers: { 'x-api-key': meter.token }, body });
        await answer.text();
        await sleep(20);
      }
      await meter.close();
      writeFileSync(join(cwd, 'value.txt'), String(1 - id / 100));
      return { status: 'proposed', report: { title: 'asked', source: 'tool' }, usage: { usd: meter.usage().usd } };
    },
  }),
};`;

it('what agents at work at once are spending is told of the right experiment, and stays below the dollars', async () => {
  const repo = makeProject(
    { slots: { count: 4 }, lookahead: 1, agent: { use: './asker.mjs' }, budget: { cost: 3 } },
    { 'asker.mjs': agentOf(await model()) },
  );
  const spent = new Map<number, number | undefined>();
  const observe = (event: RunEvent) => {
    if (event.type === 'proposal-spend') spent.set(event.experiment, event.usage.usd);
  };
  const { experiments, end } = await run(repo.dir, { onAssembled: ({ events }) => events.observe('test', 'test', observe) });
  expect(end.reason.code).toBe('BUDGET_COST');
  const changes = experiments.filter(({ kind }) => kind === 'change');
  expect(sum(usdOf(experiments))).toBeLessThanOrEqual(3 + 1e-9);
  expect(changes.length).toBeGreaterThan(4);
  expect(Object.fromEntries(spent)).toEqual(Object.fromEntries(changes.map(({ id, proposal }) => [id, proposal.usage?.usd])));
});
