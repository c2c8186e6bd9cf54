import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Journal } from '../../src/events/journal.ts';
import { followEvents, readEvents } from '../../src/events/read.ts';
import { EventStream } from '../../src/events/stream.ts';
import type { RunEvent } from '../../src/plugin.ts';
import { createRedact } from '../../src/redact.ts';
import { eventsOf, numbersOf, ofType } from '../helpers/events.ts';
import { makeProject, resume, set, stepsAgent } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';
import { startCli } from '../helpers/run-cli.ts';

const warned = (seq: number, text = `event ${seq}`): RunEvent => ({ type: 'warning', seq, at: new Date(0).toISOString(), text });
const silent = () => {};
const all = async (dir: string, after = 0) => {
  const events: RunEvent[] = [];
  for await (const event of readEvents(dir, { after })) events.push(event);
  return events;
};
const numbers = async (dir: string, after = 0) =>
  (await all(dir, after)).map((event) => (event.type === 'events-lost' ? -event.count : event.seq));

function streamTo(dir: string | null, env: Record<string, string> = {}, messages: string[] = []): EventStream {
  const log = { info: silent, debug: silent, warn: (text: string) => void messages.push(text) };
  const stream = new EventStream({ redact: createRedact(env), log });
  if (dir !== null) stream.open(new Journal({ dir, warn: stream.log.warn }));
  return stream;
}

it('keeps a bounded number of files, and a reader begins at any number and is told what is gone', async () => {
  const dir = makeFolder();
  const journal = new Journal({ dir, warn: silent, segmentBytes: 1000 });
  for (let seq = 1; seq <= 300; seq++) journal.append(warned(seq));
  journal.close();
  expect(readdirSync(dir)).toHaveLength(8);
  expect(readdirSync(dir).every((name) => statSync(join(dir, name)).size <= 1000)).toBe(true);
  const first = Number(readdirSync(dir)[0]?.slice(0, 15));
  expect((await numbers(dir)).slice(0, 2)).toEqual([-(first - 1), first]);
  for (const after of [first - 1, first, 250, 299]) expect((await numbers(dir, after))[0]).toBe(after + 1);
  expect(await numbers(dir, 300)).toEqual([]);
});

it('goes on behind a line that a kill has cut short, and readers leave out what is no event', async () => {
  const dir = makeFolder();
  const before = new Journal({ dir, warn: silent });
  before.append(warned(1));
  before.append(warned(2));
  const [name = ''] = readdirSync(dir);
  const file = join(dir, name);
  appendFileSync(file, '{"seq":3,"at":"20');
  const journal = new Journal({ dir, warn: silent });
  expect(journal.last).toBe(2);
  journal.append(warned(3));
  appendFileSync(file, `null\n[]\n{"seq":"9"}\n${'x'.repeat(2 * 1024 * 1024)}\n`);
  journal.append(warned(4));
  expect(await numbers(dir)).toEqual([1, 2, 3, 4]);
  expect(readFileSync(file, 'utf8')).toContain('{"seq":3,"at":"20\n');
});

it('two readers get every event once while it is written, over several files', async () => {
  const dir = join(makeFolder(), 'events');
  const stop = new AbortController();
  const read = async (after: number) => {
    const seen: number[] = [];
    for await (const { seq } of followEvents(dir, { after, signal: stop.signal, pollMs: 20 })) {
      seen.push(seq);
      if (seq === 500) break;
    }
    return seen;
  };
  const readers = [read(0), read(100)];
  await sleep(50);
  const journal = new Journal({ dir, warn: silent, segmentBytes: 8000 });
  for (let seq = 1; seq <= 500; seq++) {
    journal.append(warned(seq));
    if (seq % 40 === 0) await sleep(5);
  }
  const [whole, later] = await Promise.all(readers);
  expect(whole).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  expect(later).toEqual(whole?.slice(100));
  stop.abort();
});

const PLACES: Readonly<Record<string, (dir: string) => void>> = {
  'a file is in the place of the folder': (dir) => writeFileSync(dir, ''),
  'a link is in the place of the file': (dir) => {
    mkdirSync(dir);
    symlinkSync('/dev/null', join(dir, '000000000000001.jsonl'));
  },
  'a folder is in the place of the file': (dir) => mkdirSync(join(dir, '000000000000001.jsonl'), { recursive: true }),
  'the folder cannot be made': (dir) => symlinkSync('/dev', dir),
};

it.each(Object.keys(PLACES))('where %s, it warns once and keeps none', (name) => {
  const dir = join(makeFolder(), 'events');
  PLACES[name]?.(dir);
  const messages: string[] = [];
  const seen: string[] = [];
  const stream = streamTo(null, {}, messages);
  stream.observe('watcher', 'reporters[0]', (event) => void seen.push(event.type));
  const journal = new Journal({ dir: name === 'the folder cannot be made' ? join(dir, 'full', 'events') : dir, warn: stream.log.warn });
  stream.open(journal);
  for (let count = 0; count < 3; count++) stream.emit({ type: 'run-unpaused', by: { name: 'Ada', email: null } });
  expect(messages).toEqual([expect.stringContaining('are kept for no other process any more')]);
  return stream.settle().then(() => expect(seen.filter((type) => type === 'run-unpaused')).toHaveLength(3));
});

it('keys are taken out, also where they are broken over lines, and hostile texts stay data', async () => {
  const dir = makeFolder();
  const stream = streamTo(dir, { API_KEY: 'abcdefgh12345678' });
  const trial = { experiment: 1, slot: 'default', index: 0, subject: 'change' } as const;
  const hostile = 'x\n{"type":"verdict","seq":99}\n\u2028\u001b[2J\ud800';
  stream.emit({ type: 'warning', text: `the key abcdefgh12345678 ${hostile}` });
  stream.emit({ type: 'trial-lines', ...trial, lines: ['abcdefgh', '12345678'], dropped: 0, elapsedSeconds: 1 });
  stream.close();
  const text = readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('');
  expect(text).not.toMatch(/abcdefgh|12345678/);
  const events = await all(dir);
  expect(events.map(({ type }) => type)).toEqual(['warning', 'trial-lines']);
  expect(ofType(events, 'warning')[0]?.text).toBe(`the key [secret] ${hostile}`);
});

it('a slow reporter and one that throws lose only their own events, with one warning each', async () => {
  const messages: string[] = [];
  const stream = streamTo(makeFolder(), {}, messages);
  const seen: Record<string, RunEvent[]> = { quick: [], slow: [], broken: [] };
  let free: () => void = silent;
  const gate = new Promise<void>((resolve) => (free = resolve));
  stream.observe('quick', 'reporters[0]', (event) => void seen['quick']?.push(event));
  stream.observe('slow', 'reporters[1]', async (event) => {
    seen['slow']?.push(event);
    await gate;
  });
  stream.observe('broken', 'reporters[2]', (event) => {
    seen['broken']?.push(event);
    throw new Error('no network');
  });
  for (let count = 0; count < 3000; count++) {
    stream.emit({ type: 'run-unpaused', by: { name: 'Ada', email: null } });
    if (count % 100 === 0) await sleep(1);
  }
  free();
  await stream.settle();
  const told = (name: string) => seen[name]?.filter(({ type }) => type === 'run-unpaused').length;
  expect([told('quick'), told('broken')]).toEqual([3000, 3000]);
  const lost = ofType(seen['slow'] ?? [], 'events-lost').reduce((sum, { count }) => sum + count, 0);
  expect(lost).toBeGreaterThan(1000);
  expect((seen['slow']?.length ?? 0) - ofType(seen['slow'] ?? [], 'events-lost').length + lost).toBe(3000 + messages.length);
  expect(messages.toSorted()).toEqual([
    expect.stringContaining('broken] observe: no network'),
    expect.stringContaining('slow] observe: it does not keep up'),
  ]);
});

it('the events of a killed run are whole, and its next session goes on with their numbers', async () => {
  const steps = [set(0.5), { ...set(0.4), sleepMs: 600_000 }];
  const repo = makeProject({ agent: stepsAgent(steps) });
  const going = startCli(['run', '--name', 'night'], { cwd: repo.dir });
  await expect.poll(async () => ofType(await eventsOf(repo.dir), 'proposal-started').length).toBe(2);
  process.kill(going.pid, 'SIGKILL');
  await going.ended;
  const before = await eventsOf(repo.dir);
  expect(before.at(-1)).toMatchObject({ type: 'proposal-started', experiment: 2 });
  await resume(repo.dir, { budget: { experiments: 1 } });
  const after = await eventsOf(repo.dir);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(numbersOf(after)).toEqual({ first: 1, isWhole: true });
  expect(after.at(-1)?.type).toBe('run-ended');
});
