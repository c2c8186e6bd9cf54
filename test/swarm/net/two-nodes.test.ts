/** Two nodes over a bare repository, by the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { nodeOfRun } from '../../../src/swarm/net/node-of-run.ts';
import { Reserver } from '../../../src/swarm/net/reserver.ts';
import { configOf, projectFiles, RUN, set, stepsAgent } from '../../helpers/project.ts';
import { makeFolder, makeRepo, openTestRepo, type TestRepo } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { ask, serveRun } from '../../ui/served.ts';

let bare: TestRepo;
let one: TestRepo;
let beside: string;
const there = () => bare.git('for-each-ref', '--format=%(refname)').trim().split('\n').filter(Boolean);

beforeEach(() => {
  bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  beside = makeFolder();
  one = makeRepo(
    projectFiles(
      configOf({
        agent: stepsAgent([set(0.9), set(0.8)]),
        remote: { url: bare.dir, node: 'a1', owner: 'ada', every: '100ms' },
        noise: { sigma: 0.01 },
        swarm: { guests: 'confirm', confirm: { trials: 1, owners: 1 } },
      }),
    ),
  );
});

async function cli(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

it('a run is opened for others, joined from nothing but its address, and seen whole by both', async () => {
  await cli(one.dir, 'run', '--name', RUN);
  expect(there()).toEqual([`refs/autoresearch/${RUN}/kept/a1`, `refs/autoresearch/${RUN}/nodes/a1`, `refs/autoresearch/${RUN}/opening`]);
  await cli(beside, 'join', bare.dir, '--dir', 'lab', '--node', 'b2', '--owner', 'bob', '--focus', 'the optimizer');
  const two = openTestRepo(join(beside, 'lab'));
  expect(existsSync(join(two.dir, 'train.sh'))).toBe(true);
  expect(there()).toContain(`refs/autoresearch/${RUN}/nodes/b2`);
  // What a1 had found first is taken over, as the very commit.
  const second = JSON.parse(await cli(two.dir, 'log', '--json')) as { origin?: string; candidate: string; verdict: string }[];
  expect(second.filter(({ origin }) => origin !== undefined).length).toBeGreaterThan(0);
  await cli(one.dir, 'sync');
  await cli(two.dir, 'sync');
  const [here, other] = await Promise.all(
    [one, two].map(async ({ dir }) => JSON.parse(await cli(dir, 'status', '--swarm', '--json')) as object),
  );
  expect(here).toEqual(other);
  expect(here).toMatchObject({ nodes: [{ id: 'a1', owner: 'ada' }, { id: 'b2', owner: 'bob' }], waiting: 0 }); // prettier-ignore
  for (const { dir } of [one, two]) expect(await cli(dir, 'verify')).toContain('agree');
  expect(await cli(two.dir, 'nodes')).toContain('bob');
  // Each shows the experiments of both in one order, those of one node, and one of them whole.
  const [log, same] = await Promise.all([one, two].map(({ dir }) => cli(dir, 'log', '--swarm', '--json')));
  expect(log).toBe(same);
  const rows = JSON.parse(log ?? '') as { origin: string; node: string; owner: string; claim?: string; by?: { origin: string }[] }[];
  const taken = rows.find(({ node, by = [] }) => node === 'a1' && by.length > 0);
  const [witness = { origin: '' }] = taken?.by ?? [];
  expect(taken).toMatchObject({ owner: 'ada' });
  expect(rows.find(({ origin }) => origin === witness.origin)).toMatchObject({
    node: 'b2',
    owner: 'bob',
    of: expect.stringMatching(/^a1#/) as string,
  });
  const ofOne = JSON.parse(await cli(two.dir, 'log', '--node', 'a1', '--json')) as unknown[];
  expect(ofOne).toEqual(rows.filter(({ node }) => node === 'a1'));
  expect(await cli(two.dir, 'log', '--swarm')).toContain(witness.origin);
  expect((await runCli(['log', '--node', 'z9'], { cwd: two.dir })).stderr).toContain('there are a1, b2');
  const shown = await cli(two.dir, 'show', taken?.origin ?? '');
  for (const text of [`${taken?.origin} `, 'a1 of ada', `${taken?.claim === 'claimed' ? 'open' : taken?.claim}: `, witness.origin, '+0.'])
    expect(shown).toContain(text);
  expect(await cli(one.dir, 'show', (taken?.origin ?? '').replace('a1', ''))).toMatch(/node +a1 of ada/);
  expect(JSON.parse(await cli(one.dir, 'show', witness.origin, '--json'))).toMatchObject({ swarm: { node: 'b2', owner: 'bob' } });
  expect((await runCli(['show', 'b2#99'], { cwd: one.dir })).stderr).toContain('EXPERIMENT_NOT_FOUND');
  // The page and the report have both of them.
  const { port, cookie } = await serveRun(two.dir);
  const { reserved, ...overview } = here as { reserved: unknown };
  expect(reserved).toEqual([]);
  expect(JSON.parse((await ask(port, '/api/sections/nodes', { headers: { cookie } })).text)).toMatchObject(overview);
  expect(JSON.parse((await ask(port, '/api/start', { headers: { cookie } })).text)).toMatchObject({ head: { nodes: 2 } });
  expect(readFileSync((await cli(two.dir, 'report')).trim(), 'utf8')).toContain('2 nodes of 2 owners');
  // Both show what one of them has reserved.
  const { here: place } = await nodeOfRun(two.dir, RUN);
  const reserver = new Reserver({ place: { ...place, remote: bare.dir }, lastsMs: 1_800_000, isOver: () => false, keyOf: () => Promise.resolve(null), waitMs: 120_000 }); // prettier-ignore
  const change = { key: '0123456789abcdef', title: 'wider layers' };
  expect(await reserver.reserve(change, new AbortController().signal)).toBeNull();
  await cli(one.dir, 'sync');
  for (const { dir } of [one, two]) {
    expect(JSON.parse(await cli(dir, 'status', '--swarm', '--json'))).toMatchObject({
      reserved: [{ ...change, node: 'b2', owner: 'bob' }],
    });
    expect(await cli(dir, 'status', '--swarm')).toContain('b2 (bob) is measuring: wider layers, for ');
  }
});

it('a host that takes branches only gets branches of ours, and is joined the same way', async () => {
  bare.git('config', 'transfer.hideRefs', 'refs/autoresearch');
  await cli(one.dir, 'run', '--name', RUN);
  const prefix = `refs/heads/autoresearch-swarm/${RUN}/`;
  expect(there()).toEqual([`${prefix}kept/a1`, `${prefix}nodes/a1`, `${prefix}opening`]);
  await cli(beside, 'join', bare.dir, '--dir', 'lab', '--node', 'b2', '--owner', 'bob');
  expect(there()).toContain(`${prefix}nodes/b2`);
});

it('a run begins without its remote, and is there for others once that answers', async () => {
  const late = join(beside, 'late.git');
  const { code, stderr } = await runCli(['run', '--name', RUN, '--set', `remote.url=file://${late}`], { cwd: one.dir });
  expect([code, stderr]).toEqual([0, expect.stringContaining('the run goes on')]);
  expect((await runCli(['sync'], { cwd: one.dir })).stderr).toContain('REMOTE_UNREACHABLE');
  bare.git('init', '-q', '--bare', late);
  await cli(one.dir, 'sync');
  expect(openTestRepo(late).git('for-each-ref', '--format=%(refname)')).toContain(`refs/autoresearch/${RUN}/nodes/a1`);
});

it('who opened the run lists others, and only who opened it', async () => {
  await cli(one.dir, 'run', '--name', RUN, '--set', 'swarm.guests=claim');
  await cli(beside, 'join', bare.dir, '--dir', 'lab', '--node', 'b2', '--owner', 'bob');
  const two = join(beside, 'lab');
  expect((await runCli(['nodes', '--trust', 'b2'], { cwd: two })).stderr).toContain('only the node that opened the run');
  await cli(one.dir, 'sync');
  expect(await cli(one.dir, 'nodes')).toContain('bob (guest)');
  await cli(one.dir, 'nodes', '--trust', 'b2');
  await cli(two, 'sync');
  for (const dir of [one.dir, two]) expect(await cli(dir, 'nodes')).not.toContain('(guest)');
  expect(await cli(two, 'leave')).toContain('b2 has left');
  expect(await cli(two, 'verify')).toContain('agree');
});

it('the password of an address, a name that is none, and a run of one machine are refused in words', async () => {
  const said = async (...args: string[]) => (await runCli(args, { cwd: one.dir })).stderr;
  expect(await said('check', '--set', 'remote.url=https://me:s3cret@example.org/a.git')).toContain('CONFIG_SECRET');
  expect(await said('check', '--set', 'remote.name=origin')).toContain('needs either `url` or `name`');
  expect(await said('join', bare.dir, '--dir', 'x')).toContain('SWARM_NOT_FOUND');
  await cli(one.dir, 'run', '--name', 'alone', '--set', 'remote=null');
  expect(await said('nodes')).toContain('SWARM_NOT_JOINED');
});
