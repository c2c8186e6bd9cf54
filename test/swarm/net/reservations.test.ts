/** Who works on what, over real lists of reservations; and who abuses them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { changeKey } from '../../../src/git/change-key.ts';
import { keyOf } from '../../../src/swarm/net/key-of.ts';
import { readUnion, type Reading } from '../../../src/swarm/net/read-union.ts';
import { fetchReserved, readReserved } from '../../../src/swarm/net/read-reserved.ts';
import { writeReservation } from '../../../src/swarm/net/reserved-list.ts';
import { Reserver } from '../../../src/swarm/net/reserver.ts';
import { nodeOfRun } from '../../../src/swarm/net/node-of-run.ts';
import { configOf, projectFiles, set } from '../../helpers/project.ts';
import { makeFolder, makeRepo } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { addToRefs } from './flood.ts';
import { openSwarmNode } from './open.ts';
import { makeWorld, RUN, type TestNode, type World } from './world.ts';

const HOUR = 3_600_000;
const LISTS = `refs/autoresearch/${RUN}/reserved/`;
const LIST = `${LISTS}0`;
const { signal } = new AbortController();
const key = (n: number) => n.toString(16).padStart(16, '0');
const change = (n: number) => ({ key: key(n), title: `try ${n}` });

let world: World;
let victim: TestNode;
let other: TestNode;
let now: number;

const unions = new WeakMap<object, Pick<Reading, 'union'>>();
async function reserverOf({ place, opening }: TestNode): Promise<Reserver> {
  const { union } = unions.get(place) ?? (await readUnion(place, opening));
  unions.set(place, { union });
  // No machine is so slow that it decides here.
  return new Reserver({ place, lastsMs: HOUR, isOver: () => false, keyOf: (node) => keyOf(place, opening, union, node), now: () => now, waitMs: 120_000 }); // prettier-ignore
}

const inList = (list = LIST) =>
  world.bare.git('log', '--reverse', '--format=%s', list).trim().split('\n').map((line) => line.replace('reserved 000000000000000', '')); // prettier-ignore

beforeEach(async () => {
  now = 0;
  world = await makeWorld();
  // The lists work at a host that refuses every push that goes back.
  world.bare.git('config', 'receive.denyNonFastForwards', 'true');
  victim = world.opener;
  other = await world.add('b2', 'bob');
  await other.sync();
  await victim.sync();
  await other.sync();
});

it('of nodes that reserve the same change at once one has it, and all know which', async () => {
  const third = await world.add('c3', 'cid');
  await third.sync();
  await victim.sync();
  await other.sync();
  await third.sync();
  const all = await Promise.all([victim, other, third].map(reserverOf));
  const holders = await Promise.all(all.map((each) => each.reserve(change(1), signal)));
  const [first = ''] = inList();
  const winner = first.replace('1 for ', '');
  expect(holders.map((holder) => holder?.node ?? winner)).toEqual([winner, winner, winner]);
  expect(holders.filter((holder) => holder === null)).toHaveLength(1);
});

it('nodes that reserve different changes at once hinder nobody, and no entry is lost', async () => {
  const all = await Promise.all([victim, other].map(reserverOf));
  const holders = await Promise.all(
    all.flatMap((each, n) => [each.reserve(change(2 * n), signal), each.reserve(change(2 * n + 1), signal)]),
  );
  expect(holders).toEqual([null, null, null, null]);
  expect(inList().map((line) => line.slice(0, 1)).toSorted()).toEqual(['0', '1', '2', '3']); // prettier-ignore
});

it('what others measure is told to agents, and is over once it is in a ledger', async () => {
  await victim.write({ seconds: 120 });
  const title = 'wider\u001B[2J layers';
  expect(await (await reserverOf(other)).reserve({ key: key(1), title }, signal)).toBeNull();
  const { node } = await openSwarmNode(victim, { reserveMs: HOUR });
  expect(await node.digest(1000)).toContain('- b2 is measuring now: wider [2J layers');
  expect(await node.reserve(change(1))).toBe('the same change on the same parent is being measured by node b2');
  const { node: quick } = await openSwarmNode(victim, { reserveMs: 2 * HOUR });
  // Experiments of two minutes are too short for that.
  expect(await quick.reserve(change(1))).toBeNull();
  await other.write({ key: key(1), verdict: 'crash', score: null, delta: null });
  await other.sync();
  await victim.sync();
  const { node: later } = await openSwarmNode(victim, { reserveMs: HOUR });
  expect(await later.digest(1000)).not.toContain('measuring now');
  for (const each of [node, quick, later]) await each.close();
});

it('without the remote a node goes on, and does not ask again and again', async () => {
  const place = { ...victim.place, remote: `file://${world.bare.dir}-gone` };
  const reserver = await reserverOf({ ...victim, place });
  expect(await reserver.reserve(change(1), signal)).toBeNull();
  const began = victim.repo.git('count-objects').split(' ', 1)[0];
  expect(await reserver.reserve(change(2), signal)).toBeNull();
  expect(victim.repo.git('count-objects').split(' ', 1)[0]).toBe(began);
});

it('all lists that have grown come with one fetch, and one that is no list hinders no other', async () => {
  const reserver = await reserverOf(other);
  const places = [1, 3, 5];
  const inPlace = (place: number) => ({ key: `${place}`.padEnd(16, '0'), title: `try ${place}` });
  for (const place of places) await reserver.reserve(inPlace(place), signal);
  const listed = () => new Map(world.bare.git('for-each-ref', '--format=%(refname) %(objectname)', LISTS).trim().split('\n').map((line) => line.split(' ') as [string, string])); // prettier-ignore
  const looking = await reserverOf(victim);
  const trace = join(makeFolder(), 'trace');
  vi.stubEnv('GIT_TRACE2_EVENT', trace);
  const fetches = () => {
    const lines = existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : [];
    return lines.map((line) => JSON.parse(line) as { event: string; name?: string }).filter(({ event, name }) => event === 'cmd_name' && name === 'fetch').length; // prettier-ignore
  };
  await looking.look(listed(), signal);
  expect(looking.others.map(({ key: text }) => text)).toEqual(places.map((place) => inPlace(place).key));
  expect(fetches()).toBe(1);
  // Nothing has moved: the remote is not asked.
  await looking.look(listed(), signal);
  expect(fetches()).toBe(1);
  vi.unstubAllEnvs();
  other.repo.write('blob', 'no commit');
  push(other, other.repo.git('hash-object', '-w', 'blob').trim());
  const again = await reserverOf(victim);
  await again.look(listed(), signal);
  expect(again.others.map(({ key: text }) => text)).toEqual(places.map((place) => inPlace(place).key));
});

it('what is measured just now is shown: not what was measured since, is old, or is of a node whose word does not count', async () => {
  const reserver = await reserverOf(other);
  for (const n of [1, 2, 3]) await reserver.reserve(change(n), signal);
  const guest = await world.add('g7', 'guest');
  const unknown = await writeReservation(guest.place, change(4), world.bare.git('rev-parse', LIST).trim());
  guest.repo.git('fetch', '-q', world.bare.dir, LIST);
  push(guest, unknown);
  await other.write({ key: key(2), verdict: 'crash', score: null, delta: null });
  await other.sync();
  const { listed } = await victim.sync();
  await fetchReserved(victim.place, listed);
  const { union } = await readUnion(victim.place, victim.opening);
  const made = Number(world.bare.git('log', '-1', '--format=%ct', `${LIST}~3`));
  const shown = async (seconds: number) => (await readReserved(victim.place, victim.opening, union, (made + seconds) * 1000)).map(({ node, owner, title }) => `${node} ${owner} ${title}`); // prettier-ignore
  expect(await shown(60)).toEqual(['b2 bob try 1', 'b2 bob try 3']);
  // 30 minutes by the clock of the node that made them, and no more; no clock that is far ahead shows one for ever.
  expect(await shown(100_000)).toEqual([]);
  expect(await shown(-100_000)).toEqual([]);
});

const push = (from: TestNode, commit: string, to = LIST) => from.repo.git('push', '-q', world.bare.dir, `${commit}:${to}`);

async function appendAll(from: TestNode, entries: readonly { readonly key: string; readonly title: string }[], place = from.place) {
  let tip: string | null = null;
  for (const entry of entries) tip = await writeReservation(place, entry, tip);
  if (tip !== null) push(from, tip);
}

/** Each puts something into the list of the change that the victim is about to reserve; `held`: until its time is over. */
const ATTACKS: Readonly<Record<string, { readonly isHeld: boolean; readonly act: () => Promise<void> }>> = {
  'a node reserves it again and again': {
    isHeld: true,
    act: () =>
      appendAll(
        other,
        Array.from({ length: 4 }, () => change(1)),
      ),
  },
  'a node reserves everything': {
    isHeld: false,
    act: () =>
      appendAll(
        other,
        Array.from({ length: 16 }, (_, n) => change(n)),
      ),
  },
  'a node that is not known reserves it': {
    isHeld: false,
    act: async () => appendAll(await world.add('g7', 'guest'), [change(1)]),
  },
  'a node speaks for another one': {
    isHeld: false,
    act: () => appendAll(other, [change(1)], { ...other.place, self: 'a1' }),
  },
  'nobody has signed it': {
    isHeld: false,
    async act() {
      const signed = await writeReservation(other.place, change(1), null);
      const text = other.repo.git('cat-file', 'commit', signed).replace(/\ngpgsig (.|\n)*?-----END SSH SIGNATURE-----/, '');
      push(other, execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], { cwd: other.repo.dir, input: text, encoding: 'utf8' }).trim()); // prettier-ignore
    },
  },
  'the entries are huge': {
    isHeld: false,
    async act() {
      const text = `tree ${other.repo.git('mktree').trim()}\nauthor a <a@a> 1 +0000\ncommitter a <a@a> 1 +0000\n\n${'x'.repeat(1024 * 1024)}`;
      push(other, execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], { cwd: other.repo.dir, input: text, encoding: 'utf8' }).trim()); // prettier-ignore
    },
  },
  'the list is the history of something else': { isHeld: false, act: () => Promise.resolve(void push(other, world.base)) },
  'the list is no commit': {
    isHeld: false,
    async act() {
      other.repo.write('blob', 'no commit');
      push(other, other.repo.git('hash-object', '-w', 'blob').trim());
    },
  },
  'a thousand lists are there, and one where the list should be': {
    isHeld: false,
    act: () => Promise.resolve(addToRefs(world.bare.dir, 1000, (n) => `${LISTS}${n === 0 ? '0/0' : n + 10}`, world.base)),
  },
};

it('no change waits for longer than a reservation lasts, whatever is in the lists', async () => {
  for (const [name, { isHeld, act }] of Object.entries(ATTACKS)) {
    const lists = world.bare.git('for-each-ref', '--format=delete %(refname)', LISTS);
    execFileSync('git', ['update-ref', '--stdin'], { cwd: world.bare.dir, input: lists });
    await act();
    const reserver = await reserverOf(victim);
    const holder = await reserver.reserve(change(1), signal);
    expect([name, holder?.node ?? null]).toEqual([name, isHeld ? 'b2' : null]);
    now += HOUR;
    if (isHeld) push(other, await writeReservation(other.place, change(1), world.bare.git('rev-parse', LIST).trim()));
    expect([name, await reserver.reserve(change(1), signal)]).toEqual([name, null]);
    if (world.bare.git('for-each-ref', '--format=%(objecttype)', LIST).trim() === 'commit') continue;
    // Other lists work as before.
    await reserver.reserve({ ...change(1), key: `1${key(1).slice(1)}` }, signal);
    expect([name, inList(`${LISTS}1`).length]).toEqual([name, 1]);
  }
});

it('a run leaves a change to the node that has reserved it, and says so', async () => {
  const parts = {
    remote: { url: world.bare.dir, node: 'a1', owner: 'ada', every: '100ms' },
    noise: { sigma: 0.01, baselines: 1 },
    swarm: { guests: 'confirm', reserve: '90s' },
  };
  // Long enough for a reservation of that length.
  const train = 'read value < value.txt; [ "$value" != 1 ] || sleep 3.1; echo "loss: $value"\n';
  const one = makeRepo(projectFiles(configOf(parts), { 'train.sh': train }));
  const cli = async (cwd: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runCli(args, { cwd });
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const there = { 'value.txt': '0.9\n' };
  const same = changeKey(makeRepo(there).dir, [{ path: 'value.txt', kind: 'modified' }], one.git('rev-parse', 'HEAD').trim());
  await cli(one.dir, 'run', '--name', 'both');
  const { here } = await nodeOfRun(one.dir, 'both');
  const place = { ...here, remote: world.bare.dir };
  const reserver = new Reserver({ place, lastsMs: HOUR, isOver: () => false, keyOf: () => Promise.resolve(null), waitMs: 120_000 });
  expect(await reserver.reserve({ key: same, title: 'the same' }, signal)).toBeNull();
  const beside = makeFolder();
  await cli(
    beside,
    'join',
    world.bare.dir,
    '--run',
    'both',
    '--dir',
    'lab',
    '--node',
    'b2',
    '--owner',
    'bob',
    '--set',
    `agent[0].with.steps=${JSON.stringify([set(0.9)])}`,
  );
  const [, second] = JSON.parse(await cli(join(beside, 'lab'), 'log', '--json')) as { verdict: string; reason: object }[];
  const text = 'the same change on the same parent is being measured by node a1';
  expect(second).toMatchObject({ verdict: 'discard', reason: { code: 'DUPLICATE', text } });
});
