/** Each rule of engines is broken by an engine that breaks it, and by nothing else it does. */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellEngine, workerScript, type RemoteEngine } from '../../src/plugin.ts';
import { BrokenLaw, testRemoteEngine, type RemoteEngineTest } from '../../src/testing.ts';
import { makeFolder } from '../helpers/repo.ts';

type Part = (engine: RemoteEngine, root: string) => Partial<RemoteEngine>;

/** Jobs in a folder of this machine, with a part of the engine replaced. */
function place(part: Part = () => ({})): RemoteEngineTest {
  const root = makeFolder();
  const shared = makeFolder();
  copyFileSync(workerScript(), join(root, 'worker.sh'));
  mkdirSync(join(root, 'jobs'));
  const call = (args: readonly string[], input?: string) => {
    const stdin = input === undefined ? 'ignore' : openSync(input, 'r');
    const { status, stdout } = spawnSync('sh', [join(root, 'worker.sh'), ...args], {
      stdio: [stdin, 'pipe', 'ignore'],
      maxBuffer: 2 ** 24,
    });
    if (typeof stdin === 'number') closeSync(stdin);
    return status === 0 ? Promise.resolve(stdout) : Promise.reject(new Error(`worker.sh ${args.join(' ')} ended with ${status}`));
  };
  const open = () => {
    const engine = shellEngine(call);
    return { engine: { ...engine, ...part(engine, root) } };
  };
  const left = () => [...readdirSync(root), ...readdirSync(join(root, 'jobs'))];
  return { name: 'folder', open, shared, left, limitMs: 60_000 };
}

type Law = { readonly name: string; readonly body: () => Promise<void> };

function lawsAt(given: RemoteEngineTest): readonly Law[] {
  const laws: Law[] = [];
  testRemoteEngine({ ...given, runner: { describe: (_name, body) => body(), it: (name, body) => laws.push({ name, body }) } });
  return laws;
}

/** What became of one rule: null where it holds. */
async function breach(given: RemoteEngineTest, law: string): Promise<BrokenLaw | null> {
  const body = lawsAt(given).find(({ name }) => name === law)?.body;
  if (body === undefined) throw new Error(`there is no rule "${law}"`);
  return body().then(
    () => null,
    (error: unknown) => {
      if (error instanceof BrokenLaw) return error;
      throw error;
    },
  );
}

const none = (): never => {
  throw new Error('only the names of the rules are asked for');
};
// The real engines are tested for those of leases, which take their time.
const NAMES = lawsAt({ name: 'none', open: none }).flatMap(({ name }) =>
  name.includes('asks for') || name.includes('asked for longer') ? [] : [name],
);

test.each(NAMES)('a lawful engine: %s', async (law) => {
  expect(await breach(place(), law)).toBe(null);
});

const forgotten = new Set<string>();

const OFFENDERS: readonly (readonly [law: string, what: string, part: Part, came: RegExp])[] = [
  ['finds what was submitted, also from a new process', 'finds anything', () => ({ find: async (key) => key }), /never submitted/],
  ['finds what was submitted, also from a new process', 'finds nothing', () => ({ find: async () => null }), /find gave null/],
  [
    'starts a key once, however often it is submitted',
    'starts it anew each time',
    (engine) => ({
      async submit(job) {
        if ((await engine.find(job.key)) !== null) await engine.forget(job.key);
        return engine.submit(job);
      },
    }),
    /started \d+ times/,
  ],
  [
    'tells how the program ended and what it ran',
    'calls every end a success',
    (engine) => ({
      async poll(handle) {
        const seen = await engine.poll(handle);
        return seen.state === 'ended' ? { ...seen, end: { ...seen.end, exitCode: 0 } } : seen;
      },
    }),
    /exit 3 became/,
  ],
  [
    'ends a program at the timeout of its job',
    'says nothing of it',
    (engine) => ({
      async poll(handle) {
        const seen = await engine.poll(handle);
        return seen.state === 'ended' ? { ...seen, end: { ...seen.end, why: null } } : seen;
      },
    }),
    /why: null/,
  ],
  ['ends a job that is cancelled, and takes it well when that is done again', 'does nothing', () => ({ cancel: async () => {} }), /still/],
  [
    'knows nothing of a job that was forgotten, and takes its key again',
    'forgets nothing',
    () => ({ forget: async () => {} }),
    /find gave "law-/,
  ],
  [
    'knows nothing of a job that was forgotten, and takes its key again',
    'throws the second time',
    (engine) => ({
      async forget(handle) {
        if (forgotten.has(handle)) throw new Error('no such job');
        forgotten.add(handle);
        await engine.forget(handle);
      },
    }),
    /no such job/,
  ],
  [
    'hands out what was printed once, from any byte on',
    'begins at the start each time',
    (engine) => ({ log: (handle) => engine.log(handle, 0) }),
    /from byte/,
  ],
  [
    'hands out what was printed once, from any byte on',
    'loses a byte',
    (engine) => ({ log: async (handle, offset) => (await engine.log(handle, offset)).subarray(1) }),
    /from byte|nothing/,
  ],
  [
    'brings back the files it was asked for, as they were',
    'cuts them',
    (engine) => ({
      results: async (handle) =>
        (await engine.results(handle)).map((file) => ({ ...file, read: async () => (await file.read()).subarray(0, 3) })),
    }),
    /bytes of all kinds holds|text\.txt holds/,
  ],
  ['brings back the files it was asked for, as they were', 'brings none', () => ({ results: async () => [] }), /the files \[\]/],
];

test.each(OFFENDERS)('%s: not one that %s', async (law, _what, part, came) => {
  // Only what never ends takes its whole time.
  const broken = await breach({ ...place(part), ...(came.source === 'still' && { limitMs: 5000 }) }, law);
  expect(broken?.message).toMatch(came);
  expect(broken).toMatchObject({ law });
});

test('leaves nothing behind: what it does leave is named', async () => {
  const given = place();
  const left = () => readdirSync(given.shared ?? '');
  const broken = await breach({ ...given, left }, 'leaves the end of a job as it was when it is cancelled after it');
  expect(broken?.message).toMatch(/these are left: law-/);
});
