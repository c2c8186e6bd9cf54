/** Whole jobs of worker.sh, without a connection between. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import { readAnswer } from '../../src/remote/answer.ts';
import { packJob } from '../../src/remote/pack-job.ts';
import { shellEngine } from '../../src/remote/shell-engine.ts';
import { workerScript } from '../../src/remote/worker-script.ts';
import { makeContext } from '../../src/testing.ts';
import { makeFolder } from '../helpers/repo.ts';

const OPTIONS = {
  env: [],
  maxResultsMb: 4,
  sandbox: 'off',
  network: false,
  readable: [],
  leaseSeconds: 120,
  pollSeconds: 60,
  pendingSeconds: 60,
  retries: 0,
} as const;

/** An engine whose place is a folder here, and the commands that worker.sh was called with. */
async function makePlace(files: Readonly<Record<string, string>>, { outputs = [] as string[], waitMs = 60_000 } = {}) {
  const root = makeFolder();
  const dir = makeFolder();
  copyFileSync(workerScript(), join(root, 'worker.sh'));
  mkdirSync(join(dir, 'in here'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, 'in here', name), text);
  const git = openGit(dir);
  await git.run(['init', '-q']);
  await git.run(['add', '-A']);
  const tree = treeAt(git, (await git.run(['write-tree'])).trim(), 'in here/');
  const options = { ...OPTIONS, run: ['sh', 'train.sh'], outputs };
  const parts = { options, context: makeContext({ projectDir: dir }) };
  const packed = await packJob(makeFolder(), { tree, env: {}, timeoutMs: 60_000 }, parts);
  const calls: string[] = [];
  const engine = shellEngine(
    async (args, input) => {
      calls.push(args[0] ?? '');
      const from = input === undefined ? '/dev/null' : input;
      return execFileSync('sh', ['-c', 'f=$1; shift; exec sh "$@" < "$f"', 'sh', from, join(root, 'worker.sh'), ...args]);
    },
    { waitMs },
  );
  return { root, calls, engine, job: { key: 'k', title: 't', timeoutSeconds: 60, ...packed }, id: await tree.id() };
}

test('a job that ends soon takes one call for all that is known of it, and one to remove it', async () => {
  const { root, calls, engine, job, id } = await makePlace(
    { 'train.sh': 'echo said; cat data > "a result.txt"; ln -s data link; mkdir sub; echo 2 > sub/b', data: 'back\\slash\n' },
    { outputs: ['a result.txt', 'link', 'missing', 'sub/b'] },
  );
  await engine.submit(job);
  const seen = await engine.poll('k', 60_000);
  expect(seen).toMatchObject({ state: 'ended', logSize: 5, end: { exitCode: 0, why: null, layer: 'none', tree: id } });
  expect(Buffer.from(await engine.log('k', 0)).toString()).toBe('said\n');
  const files = await engine.results('k');
  const texts = await Promise.all(files.map(async (file) => [file.path, Buffer.from(await file.read()).toString()]));
  expect(texts).toEqual([
    ['a result.txt', 'back\\slash\n'],
    ['sub/b', '2\n'],
  ]);
  await engine.forget('k');
  expect(calls).toEqual(['submit', 'forget']);
  expect(readdirSync(root).sort()).toEqual(['jobs', 'worker.sh']);
});

test('large results are asked for one by one, and a long log piece by piece', async () => {
  const { calls, engine, job } = await makePlace(
    { 'train.sh': 'head -c 600000 /dev/zero | tr "\\0" x; head -c 700000 /dev/zero > big' },
    { outputs: ['big'] },
  );
  await engine.submit(job);
  const seen = await engine.poll('k', 60_000);
  expect(seen.state).toBe('ended');
  let size = 0;
  for (let piece = await engine.log('k', 0); piece.length > 0; piece = await engine.log('k', size)) size += piece.length;
  expect(size).toBe(600_000);
  const [big] = await engine.results('k');
  expect([big?.size, (await big?.read())?.length]).toEqual([700_000, 700_000]);
  expect(calls.filter((name) => name !== 'poll' && name !== 'size')).toEqual(['submit', 'results', 'result']);
  await engine.forget('k');
});

test('a job that takes longer than a question may wait goes on, and is submitted once', async () => {
  const { root, engine, job } = await makePlace({ 'train.sh': 'until [ -e ../../../go ]; do sleep 0.1; done; echo went' }, { waitMs: 100 });
  await engine.submit(job);
  expect((await engine.poll('k')).state).toMatch(/pending|running/);
  expect(await engine.submit(job)).toBe('k');
  expect(readdirSync(root).filter((name) => name.startsWith('job.'))).toHaveLength(1);
  writeFileSync(join(root, 'go'), '');
  let seen = await engine.poll('k', 30_000);
  while (seen.state !== 'ended') seen = await engine.poll('k', 30_000);
  expect(Buffer.from(await engine.log('k', 0)).toString()).toBe('went\n');
  await engine.forget('k');
  expect(existsSync(join(root, 'jobs', 'k'))).toBe(false);
});

test('a tree whose files are not the ones it names is not run', async () => {
  const { engine, job } = await makePlace({ 'train.sh': 'echo ran' });
  const other = await makePlace({ 'train.sh': 'echo other' });
  copyFileSync(join(other.job.folder, 'source.pack'), join(job.folder, 'source.pack'));
  await engine.submit(job);
  expect(await engine.poll('k', 60_000)).toMatchObject({ state: 'ended', end: { exitCode: null, why: 'setup' } });
  await engine.forget('k');
});

test('an answer that is cut in its first lines or in a result counts for nothing', () => {
  const blob = 'b'.repeat(40);
  const texts = fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.string(), fc.nat(), (results, log, cut) => {
      const list = results.map((text, index) => `${blob} ${Buffer.byteLength(text)} ${index + 1} out/${index} x\n`);
      const head = `state=ended age=0; code=0; files=${results.length}; bytes=1; hardware=a card; here=yes\n`;
      const before = Buffer.from(head + list.join('') + results.join(''));
      const whole = Buffer.concat([before, Buffer.from(log)]);
      const { look, files, log: rest } = readAnswer(whole, 7);
      expect(look.state).toMatchObject({ state: 'ended', logSize: 7 + Buffer.byteLength(log), end: { exitCode: 0, hardware: 'a card' } });
      expect(files?.map(({ path, size }) => [path, size])).toEqual(
        results.map((text, index) => [`out/${index} x`, Buffer.byteLength(text)]),
      );
      expect(rest.toString()).toBe(log);
      expect(() => readAnswer(before.subarray(0, cut % before.length), 0)).toThrow('cut short');
    }),
  );
});
