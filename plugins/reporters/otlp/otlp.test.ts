import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeExperiment, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import { Receiver } from '../../../test/helpers/receiver.ts';
import { Refused } from '../_delivery/service.ts';
import otlp from './index.ts';
import { otlpService, pairsOf } from './service.ts';
import { experimentSpans } from './spans.ts';

testPlugin(otlp, {
  options: { valid: [{ patienceMs: 50 }, { signals: ['traces'] }], invalid: [{ signals: [] }, { signals: ['logs'] }, { endpoint: 'x' }] },
});

// What a collector makes of it is tested against a real one in test/trackers.

let receiver: Receiver;
beforeEach(async () => {
  receiver = new Receiver();
  await receiver.open();
});
afterEach(async () => {
  await receiver.close();
  delete process.env['OTEL_EXPORTER_OTLP_HEADERS'];
});
const tell = (text: string) => {
  receiver.answer = () => ({ status: 200, text });
  const service = otlpService({ endpoint: () => receiver.url, signals: ['traces', 'metrics'], timeoutMs: 10_000, version: '1' });
  const due = { run: makeRunView(), summary: makeRunView().history[0] as never, at: 0, isNew: true, record: async () => makeExperiment() };
  return service.experiment(due, new AbortController().signal);
};

it('sends the headers of the variable', async () => {
  process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'authorization=Basic%20abc,x-tenant=a';
  await tell('{}');
  expect(receiver.received[0]?.headers).toMatchObject({ authorization: 'Basic abc', 'x-tenant': 'a' });
});

it('leaves out what the collector took only in part', async () => {
  await expect(tell('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}')).rejects.toThrow(Refused);
  await expect(tell('{"partialSuccess":{}}')).resolves.toBeUndefined();
});

it.each([
  ['a=1,b=2', { a: '1', b: '2' }],
  [' a = x%2Cy ,=3,c', { a: 'x,y' }],
  ['a=%', { a: '%' }],
  ['', {}],
])('reads %j as OpenTelemetry does', (text, pairs) => expect(pairsOf(text)).toEqual(pairs));

it('puts no span outside its experiment, whatever the clocks of trials say', () => {
  const trials = [makeTrial({ startedAt: '2025-01-01T00:00:00.000Z' }), makeTrial({ index: 1, startedAt: '2027-01-01T00:00:00.000Z' })];
  const [whole, asked, ...others] = experimentSpans(
    makeRunView(),
    makeExperiment({ trials, judgements: [{ gate: 'g', outcome: 'pass', code: 'OK', reason: '' }] }),
  );
  const gate = others.at(-1);
  for (const span of [asked, gate]) {
    expect(BigInt(span?.startTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(whole?.startTimeUnixNano ?? 0));
    expect(BigInt(span?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(BigInt(whole?.endTimeUnixNano ?? 0));
  }
});
