/** What `check` makes of the answers of a place where trials run. */
import { expect, it } from 'vitest';
import type { RemoteEngine, RemoteState } from '../../src/plugin.ts';
import { checkPlace } from '../../src/remote/check-place.ts';
import { makeContext } from '../../src/testing.ts';

const END = { exitCode: 0, why: null, seconds: 0, layer: 'bwrap', tree: '', hardware: 'a card' } as const;
const ended = (end: object = {}): RemoteState => ({ state: 'ended', logSize: 10, end: { ...END, ...end } });
const now = () => String(Math.floor(Date.now() / 1000));

async function check(state: RemoteState, said: () => string = now) {
  const done: string[] = [];
  const engine: RemoteEngine = {
    find: async () => null,
    submit: async ({ key }) => (done.push('submit'), key),
    poll: async () => state,
    log: async () => Buffer.from(`${said()}\n`),
    results: async () => [],
    cancel: async () => {},
    forget: async () => void done.push('forget'),
  };
  const options = { run: ['x'], env: [], outputs: ['y'], maxResultsMb: 1, sandbox: 'auto', network: false, readable: [] } as const;
  const limits = { leaseSeconds: 20, pollSeconds: 1, pendingSeconds: 1, retries: 0 };
  const context = makeContext({ projectDir: import.meta.dirname });
  return { done, told: await checkPlace({ name: 'gpu1', engine, options: { ...options, ...limits }, context }) };
}

it('tells the hardware, the sandbox and the time, and leaves nothing there', async () => {
  const { done, told } = await check(ended());
  expect(told).toEqual({
    found: [expect.stringMatching(/^gpu1: a card, in bwrap; a trial that does nothing takes \d+\.\d s$/)],
    warnings: [],
  });
  expect(done).toEqual(['submit', 'forget']);
});

it.each([
  [3600, 'gpu1: its clock is 3600 s ahead'],
  [-3600, 'gpu1: its clock is 3600 s behind'],
])('warns where its clock is off by %i s', async (seconds, text) => {
  const { told } = await check(ended(), () => String(Number(now()) + seconds));
  expect(told.warnings.map((warning) => warning.replace(/36\d\d/, '3600').replace(/359\d/, '3600'))).toEqual([text]);
});

it.each<[RemoteState, RegExp]>([
  [ended({ exitCode: null, why: 'sandbox' }), /ended with sandbox/],
  [ended({ exitCode: 127 }), /ended with exit code 127/],
  [{ state: 'lost', detail: 'no room' }, /was lost: no room/],
])('warns where no trial could be run, and leaves nothing there: %j', async (state, text) => {
  const { done, told } = await check(state);
  expect(told).toEqual({ found: [], warnings: [expect.stringMatching(text)] });
  expect(done.at(-1)).toBe('forget');
});
