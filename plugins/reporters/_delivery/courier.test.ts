import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { makeAudit, makeExperiment, makeRunView, makeSummary } from '../../../src/testing.ts';
import { Courier } from './courier.ts';
import { cursorFileOf } from './cursor.ts';
import { Refused, TryAgain, type Service } from './service.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'courier-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LEDGER = { id: 'a'.repeat(40), experiments: async (ids: readonly number[]) => ids.map((id) => makeExperiment({ id })) };
const viewOf = (length: number, audits = 0): RunView =>
  makeRunView({
    history: Array.from({ length }, (_, id): Summary => makeSummary({ id })),
    audits: Array.from({ length: audits }, () => makeAudit()),
    ledger: LEDGER,
  });
const END = { outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS', text: 'all are done' } } as const;

function courierTo(service: Service, { patienceMs = 20_000, path = 'reporters[0]' } = {}) {
  const warnings: string[] = [];
  const log = { info() {}, debug() {}, warn: (message: string) => void warnings.push(message) };
  const cursorFile = (run: RunView) => cursorFileOf(join(folder, run.name), { path, plugin: 'test', destination: 'here' });
  return {
    courier: new Courier({ name: 'test', service, cursorFile, log, signal: new AbortController().signal, patienceMs, firstWaitMs: 5 }),
    warnings,
  };
}

/** What each call of a service does: works, fails before or after it has taken the thing, or is where the process is killed. */
const FATES = ['works', 'works', 'works', 'lost', 'unanswered', 'killed before', 'killed after'] as const;

it('tells everything in its order, whichever calls fail or are the last of a process', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...FATES), { maxLength: 12 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 2 }),
      async (ofCalls, experiments, audits) => {
        const fates = [...ofCalls];
        rmSync(folder, { recursive: true, force: true });
        const taken: string[] = [];
        let killed = false;
        const take = async (key: string) => {
          const fate = fates.shift() ?? 'works';
          // After this point the process is dead.
          const kill = () => {
            killed = true;
            return new Promise<never>(() => {});
          };
          if (fate === 'killed before') return kill();
          if (fate === 'lost') throw new TryAgain('it answered 503');
          if (!taken.includes(key)) taken.push(key);
          if (fate === 'killed after') return kill();
          if (fate === 'unanswered') throw new TryAgain('it did not answer in time');
        };
        const service: Service = {
          experiment: async ({ summary, record }) => take(`${summary.id}/${(await record()).id}`),
          audit: (_audit, index) => take(`audit ${index}`),
        };
        do {
          killed = false;
          const { courier } = courierTo(service);
          await courier.start(viewOf(experiments, audits));
          await Promise.race([courier.done(viewOf(experiments, audits), END), until(() => killed)]);
        } while (killed);
        expect(taken).toEqual([
          ...Array.from({ length: experiments }, (_, id) => `${id}/${id}`),
          ...Array.from({ length: audits }, (_, index) => `audit ${index}`),
        ]);
      },
    ),
    { numRuns: 40 },
  );
});

it('holds no more records than it needs, however long the service is away', async () => {
  let asked = 0;
  const ledger = { ...LEDGER, experiments: (ids: readonly number[]) => ((asked += ids.length), LEDGER.experiments(ids)) };
  const view = (length: number) => makeRunView({ ...viewOf(length), ledger });
  let isAway = true;
  const told: number[] = [];
  const { courier } = courierTo({
    async experiment({ record }) {
      if (isAway) throw new TryAgain('it could not be reached');
      told.push((await record()).id);
    },
    audit: async () => {},
  });
  await courier.start(view(0));
  for (let id = 0; id < 200; id++) courier.settled(makeExperiment({ id }), view(id + 1));
  isAway = false;
  await courier.done(view(200), END);
  expect(told).toEqual(Array.from({ length: 200 }, (_, id) => id));
  expect(asked).toBeGreaterThan(100);
});

it('leaves out what is refused, says so, and goes on', async () => {
  const told: number[] = [];
  const { courier, warnings } = courierTo({
    async experiment({ summary: { id } }) {
      if (id === 1) throw new Refused('it answered 400', 400, 'no such\nfield');
      told.push(id);
    },
    audit: async () => {},
  });
  await courier.start(viewOf(3));
  await courier.done(viewOf(3), END);
  expect(told).toEqual([0, 2]);
  expect(warnings).toEqual(['test: it answered 400 to #1, so it is left out: no such field']);
});

it('begins anew for another run of the same name', async () => {
  const told: number[] = [];
  const service: Service = { experiment: async ({ summary }) => void told.push(summary.id), audit: async () => {} };
  for (const id of ['a', 'b']) {
    const view = makeRunView({ ...viewOf(2), ledger: { ...LEDGER, id } });
    const { courier } = courierTo(service);
    await courier.start(view);
    await courier.done(view, END);
  }
  expect(told).toEqual([0, 1, 0, 1]);
});

it('goes on where an earlier session has left another place with the same address, and beside a place of its own session from the beginning', async () => {
  const told: string[] = [];
  const service: Service = { experiment: async ({ summary }) => void told.push(`#${summary.id}`), audit: async () => {} };
  const first = courierTo(service, { path: 'reporters[0]' });
  await first.courier.start(viewOf(2));
  await until(() => told.length === 2);
  const beside = courierTo(service, { path: 'reporters[1]' });
  await beside.courier.start(viewOf(2));
  for (const { courier } of [first, beside]) await courier.done(viewOf(2), END);
  expect(told).toEqual(['#0', '#1', '#0', '#1']);
  const moved = courierTo(service, { path: 'reporters[2]' });
  await moved.courier.start(viewOf(2));
  await moved.courier.done(viewOf(3), END);
  expect(told.slice(4)).toEqual(['#2']);
});

it('opens again after a failure', async () => {
  const calls: string[] = [];
  const { courier } = courierTo({
    open: async () => void calls.push('open'),
    async experiment({ summary }) {
      calls.push(String(summary.id));
      if (calls.length === 3) throw new TryAgain('it answered 404');
    },
    audit: async () => {},
  });
  await courier.start(viewOf(2));
  await courier.done(viewOf(2), END);
  expect(calls).toEqual(['open', '0', '1', 'open', '1']);
});

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!condition()) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
}

it('tells the end last, where the run ended while the service was being opened', async () => {
  const told: string[] = [];
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const { courier } = courierTo({
    open: () => opened,
    experiment: async ({ summary }) => void told.push(`#${summary.id}`),
    audit: async () => void told.push('audit'),
    end: async () => void told.push('end'),
  });
  await courier.start(viewOf(0));
  courier.settled(makeExperiment({ id: 0 }), viewOf(1));
  const done = courier.done(viewOf(2, 1), END);
  open();
  await done;
  expect(told).toEqual(['#0', '#1', 'audit', 'end']);
});

it('sends nothing of a verdict before the next trial has started, so that the loop has the thread', async () => {
  const told: number[] = [];
  const { courier } = courierTo({ experiment: async ({ summary }) => void told.push(summary.id), audit: async () => {} });
  await courier.start(viewOf(0));
  // It has been opened, and has nothing to do.
  await new Promise((resolve) => setImmediate(resolve));
  courier.settled(makeExperiment({ id: 0 }), viewOf(1));
  // All that can be done without waiting is done.
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  expect(told).toEqual([]);
  courier.trialStarted();
  await until(() => told.length > 0);
  // And where none starts, all the same.
  courier.settled(makeExperiment({ id: 1 }), viewOf(2));
  await until(() => told.length > 1);
  await courier.done(viewOf(2), END);
  expect(told).toEqual([0, 1]);
});

it('calls new only what this session settled and has not tried before', async () => {
  const tries: [number, boolean][] = [];
  const { courier } = courierTo({
    async experiment({ summary: { id }, isNew }) {
      tries.push([id, isNew]);
      if (tries.length === 3) throw new TryAgain('it did not answer in time');
    },
    audit: async () => {},
  });
  await courier.start(viewOf(2));
  for (const id of [2, 3]) courier.settled(makeExperiment({ id }), viewOf(id + 1));
  await courier.done(viewOf(4), END);
  expect(tries).toEqual([
    [0, false],
    [1, false],
    [2, true],
    [2, false],
    [3, true],
  ]);
});
