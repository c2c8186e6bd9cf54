import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reporter, RunView, Summary } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import { BODIES } from './bodies.ts';
import { experimentEvent } from './events.ts';
import webhook from './index.ts';
import { Receiver } from '../../../test/helpers/receiver.ts';
import { FORMATS } from './schema.ts';

testPlugin(webhook, {
  options: { valid: [{}, { format: 'slack', on: ['review'] }], invalid: [{ format: 'irc' }, { on: [] }, { url: 'https://a.example' }] },
});

let receiver: Receiver;
let folder: string;
let warnings: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webhook-'));
  warnings = [];
  receiver = new Receiver();
  await receiver.open();
  process.env['AUTORESEARCH_WEBHOOK'] = receiver.url;
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
  delete process.env['AUTORESEARCH_WEBHOOK'];
  delete process.env['HOOK_SECRET'];
});

type Options = Parameters<typeof webhook.create>[0];
const create = (options: Partial<Options> = {}, path = 'reporters[0]'): Reporter =>
  webhook.create(
    {
      urlVariable: 'AUTORESEARCH_WEBHOOK',
      format: 'json',
      on: ['keep', 'review', 'audit', 'done'],
      timeoutMs: 10_000,
      patienceMs: 20_000,
      ...options,
    },
    makeContext({ path, projectDir: folder, log: { info() {}, debug() {}, warn: (message: string) => void warnings.push(message) } }),
  );
const viewOf = (...history: Summary[]): RunView => makeRunView({ history });
const kept = (id: number): Summary => makeSummary({ id, verdict: 'keep', title: `change ${id}`, score: 1 - id / 100, delta: -0.01 });
const END = { outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS', text: 'all are done' } } as const;
const told = () => receiver.received.map(({ text }) => JSON.parse(text) as { event: string; id?: number });

describe('webhook', () => {
  it('posts what it is asked to, in order, and the end', async () => {
    const reporter = create();
    await reporter.start?.(viewOf());
    const history = [kept(0), makeSummary({ id: 1, verdict: 'discard' }), makeSummary({ id: 2, verdict: 'review' })];
    for (let n = 1; n <= history.length; n++) await reporter.settled?.(makeExperiment(), viewOf(...history.slice(0, n)));
    await reporter.done?.(viewOf(...history), END);
    expect(told().map(({ event, id }) => [event, id])).toEqual([
      ['keep', 0],
      ['review', 2],
      ['done', undefined],
    ]);
    expect(new Set(receiver.keys).size).toBe(3);
    expect(warnings).toEqual([]);
  });

  it('tells no control', async () => {
    const reporter = create({ on: ['discard', 'keep'] });
    await reporter.start?.(viewOf(makeSummary({ id: 1, verdict: 'discard', kind: 'control' })));
    await reporter.done?.(viewOf(), END);
    expect(receiver.received).toEqual([]);
  });

  it('keeps what cannot be posted until the receiver is back, and holds up nothing', async () => {
    await receiver.close();
    const reporter = create();
    await reporter.start?.(viewOf(kept(0)));
    for (let n = 1; n < 20; n++) await reporter.settled?.(makeExperiment(), viewOf(...Array.from({ length: n + 1 }, (_, id) => kept(id))));
    await expect.poll(() => warnings).toHaveLength(1);
    await receiver.open();
    await reporter.done?.(viewOf(...Array.from({ length: 20 }, (_, id) => kept(id))), END);
    expect(told().map(({ id }) => id)).toEqual([...Array.from({ length: 20 }, (_, id) => id), undefined]);
    expect(warnings).toEqual(['webhook: it could not be reached (ECONNREFUSED); what it has not got is kept, and sent again']);
  });

  it('goes on in the next session where it was, also where nothing was posted at all', async () => {
    await receiver.close();
    const first = create({ patienceMs: 0 });
    await first.start?.(viewOf(kept(0), kept(1)));
    await first.done?.(viewOf(kept(0), kept(1)), END);
    expect(warnings.at(-1)).toBe('webhook: 3 things are not sent yet; the next session of this run sends what the record holds');
    await receiver.open();
    const second = create();
    await second.start?.(viewOf(kept(0), kept(1)));
    await second.done?.(viewOf(kept(0), kept(1)), END);
    const third = create({ on: ['keep'] });
    await third.start?.(viewOf(kept(0), kept(1), kept(2)));
    await third.done?.(viewOf(kept(0), kept(1), kept(2)), END);
    expect(told().map(({ event, id }) => id ?? event)).toEqual([0, 1, 'done', 2]);
  });

  it('keeps apart what two of them have posted to one address', async () => {
    const history = [kept(0), makeSummary({ id: 1, verdict: 'review' }), kept(2)];
    const session = async (upTo: number) => {
      const two = [create({ on: ['keep'] }, 'reporters[0]'), create({ on: ['review'] }, 'reporters[1]')];
      for (const one of two) await one.start?.(viewOf(...history.slice(0, upTo)));
      for (const one of two) await one.done?.(viewOf(...history.slice(0, upTo)), END);
    };
    for (let upTo = 1; upTo <= history.length; upTo++) await session(upTo);
    expect(told().map(({ event, id }) => [event, id])).toEqual([
      ['keep', 0],
      ['review', 1],
      ['keep', 2],
    ]);
  });

  it('goes on where version 0.1 was', async () => {
    mkdirSync(join(folder, '.autoresearch/test'), { recursive: true });
    writeFileSync(join(folder, '.autoresearch/test/posted-test-AUTORESEARCH_WEBHOOK.json'), '{"experiment":1,"audits":0}');
    const reporter = create({ on: ['keep'] });
    await reporter.start?.(viewOf(kept(0), kept(1), kept(2)));
    await reporter.done?.(viewOf(kept(0), kept(1), kept(2)), END);
    expect(told().map(({ id }) => id)).toEqual([2]);
  });

  it.each([429, 500, 503, 408])('tries again after a %i, when the receiver asks for it', async (status) => {
    receiver.answer = (_, count) => (count <= 1 ? { status, headers: { 'retry-after': '0' } } : { status: 204 });
    const reporter = create();
    await reporter.start?.(viewOf(kept(0)));
    await reporter.done?.(viewOf(kept(0)), END);
    expect(told().map(({ event }) => event)).toEqual(['keep', 'done']);
  });

  it.each([400, 401, 404, 302])('leaves out what is answered with %i, and says so', async (status) => {
    receiver.answer = ({ text }) =>
      text.includes('"event":"keep"') ? { status, headers: { location: `${receiver.url}/elsewhere` } } : { status: 200 };
    const reporter = create();
    await reporter.start?.(viewOf(kept(0)));
    await reporter.done?.(viewOf(kept(0)), END);
    expect(told().map(({ event }) => event)).toEqual(['done']);
    expect(warnings).toEqual([`webhook: it answered ${status} to #0, so it is left out`]);
  });

  it('does not wait for ever for a receiver that never answers', async () => {
    receiver.answer = () => 'hang';
    const reporter = create({ timeoutMs: 50, patienceMs: 200 });
    await reporter.start?.(viewOf(kept(0)));
    await expect.poll(() => warnings[0]).toBe('webhook: it did not answer in time; what it has not got is kept, and sent again');
    await reporter.done?.(viewOf(kept(0)), END);
  });

  it('signs what it posts', async () => {
    process.env['HOOK_SECRET'] = 's3cret';
    const reporter = create({ secretVariable: 'HOOK_SECRET' });
    await reporter.start?.(viewOf(kept(0)));
    await reporter.done?.(viewOf(kept(0)), END);
    for (const { headers, text } of receiver.received)
      expect(headers['x-autoresearch-signature']).toBe(`sha256=${createHmac('sha256', 's3cret').update(text).digest('hex')}`);
  });
});

describe('bodies', () => {
  const HOSTILE = [
    '<!channel> @everyone',
    '<@U123>',
    '**bold** [a](https://evil.example)',
    '`code` _x_ ~y~',
    'a\n\u001b[31mred\u202e',
    '<b>html</b>',
  ];
  it.each(FORMATS.flatMap((format) => HOSTILE.map((title) => [format, title] as const)))('%s lets %j do nothing', (format, title) => {
    const event = experimentEvent(viewOf(), makeSummary({ id: 1, verdict: 'keep', title }));
    if (event === null) throw new Error('no event');
    const { text, type } = BODIES[format](event);
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
    if (type === 'application/json') JSON.parse(text);
    if (format === 'slack') expect(text).not.toMatch(/[<>]/);
    if (format === 'discord') expect(JSON.parse(text)).toMatchObject({ allowed_mentions: { parse: [] } });
    if (format === 'teams' || format === 'discord') expect(text).not.toMatch(/[^\\]\[a\]\(/);
  });

  it('is cut where a service has a limit', () => {
    const event = experimentEvent(viewOf(), makeSummary({ id: 1, verdict: 'keep', title: '*'.repeat(5000) }));
    if (event === null) throw new Error('no event');
    expect((JSON.parse(BODIES.discord(event).text) as { content: string }).content.length).toBeLessThanOrEqual(2000);
  });
});
