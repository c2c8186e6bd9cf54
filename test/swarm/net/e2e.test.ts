/**
 * Nodes as processes, each in its own clone, over file:// and ssh: kills, a partition, one that is slow and one that lies. With
 * SWARM=full eight of them and 500 experiments, with SWARM=100 eight and 100; without it four, and 60.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SwarmOverview } from '../../../src/swarm/overview.ts';
import { RUN } from '../../helpers/project.ts';
import { makeFolder, makeRepo, openTestRepo } from '../../helpers/repo.ts';
import { runCli, startCli, type RunningCli } from '../../helpers/run-cli.ts';
import { SSHD, startSshd, type Sshd } from '../../helpers/sshd.ts';
import { labFiles } from './lab.ts';

const SIZE = process.env['SWARM'];
const FULL = SIZE !== undefined;
const TOTAL = SIZE === 'full' ? 500 : Number(SIZE ?? 60);
const NODES = FULL ? 8 : 4;
/** Experiments of each node. */
const EACH = Math.ceil(TOTAL / NODES);
/** How long it may take, in milliseconds. */
const LIMIT = FULL ? 4 * 3600_000 : 1_200_000;
/** After all have ended once. */
const MORE = 4;
const PARTITION_MS = FULL ? 60_000 : 5000;

let server: Sshd | null = null;
beforeAll(async () => void (server = SSHD === null ? null : await startSshd()));
afterAll(async () => server?.remove());

interface Member {
  readonly id: string;
  readonly dir: string;
  readonly env: Record<string, string>;
  process: RunningCli | null;
}

async function must(args: readonly string[], { dir, env }: Pick<Member, 'dir' | 'env'>): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd: dir, env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

it(`${NODES} nodes see the same, whatever happens to them`, { timeout: LIMIT }, async () => {
  const bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  const ssh: Record<string, string> = server === null ? {} : { GIT_SSH_COMMAND: ['ssh', ...server.ssh].join(' ') };
  const overSsh = server === null ? `file://${bare.dir}` : `ssh://${server.host}${bare.dir}`;
  const first = makeRepo(labFiles(`file://${bare.dir}`, 'n0', 'owner-0'));
  const members: Member[] = Array.from({ length: NODES }, (_, n) => ({
    id: `n${n}`,
    dir: n === 0 ? first.dir : join(makeFolder(), 'lab'),
    // The second is slow, the third lies.
    env: { ...ssh, NODE_SEED: String(n), ...(n === 1 && { SLOW: '0.5' }), ...(n === 2 && { LIE: '1' }) },
    process: null,
  }));
  const begin = (member: Member, n: number): void => {
    const budget = ['--experiments', String(EACH)];
    const url = n % 2 === 0 ? `file://${bare.dir}` : overSsh;
    const args =
      n === 0
        ? ['run', '--name', RUN, ...budget]
        : ['join', url, '--dir', member.dir, '--node', member.id, '--owner', `owner-${n}`, ...budget];
    member.process = startCli(args, { cwd: n === 0 ? member.dir : join(member.dir, '..'), env: member.env });
  };
  const resume = (member: Member, ...options: string[]): void => {
    member.process = startCli(['resume', RUN, ...options], { cwd: member.dir, env: member.env });
  };
  const isThere = (ref: string) => bare.git('for-each-ref', ref).trim() !== '';
  const until = async (what: () => boolean) => {
    while (!what()) await sleep(200);
  };
  begin(members[0] as Member, 0);
  await until(() => isThere(`refs/autoresearch/${RUN}/opening`));
  for (const [n, member] of members.entries()) if (n > 0) begin(member, n);
  await until(() => members.every(({ id }) => isThere(`refs/autoresearch/${RUN}/nodes/${id}`)));

  // Two lose the remote, and two are killed in the middle of whatever they do.
  const [cut, killed] = [members.slice(-2), [members[0], members[1]] as Member[]];
  const addresses = cut.map(({ dir }) => openTestRepo(dir).git('remote', 'get-url', 'origin').trim());
  for (const { dir } of cut) openTestRepo(dir).git('remote', 'set-url', 'origin', 'file:///nowhere');
  for (const member of killed) {
    member.process?.child.kill('SIGKILL');
    await member.process?.ended;
    resume(member);
  }
  await sleep(PARTITION_MS);
  cut.forEach(({ dir }, index) => openTestRepo(dir).git('remote', 'set-url', 'origin', addresses[index] ?? ''));

  const over = async () => {
    for (const { id, process } of members) {
      const { code, stderr } = (await process?.ended) ?? { code: null, stderr: '' };
      expect([id, code, code === 0 ? '' : stderr]).toEqual([id, 0, '']);
    }
  };
  await over();
  // The honest ones go on, and by now they all can know what the liar claims.
  for (const member of members.filter(({ id }) => id !== 'n2')) resume(member, '--experiments', String(EACH + MORE));
  await over();
  // Until no sync brings anything new to anybody.
  for (let round = 0; round < 2; round++) for (const member of members) await must(['sync'], member);
  const seen: SwarmOverview[] = [];
  for (const member of members) seen.push(JSON.parse(await must(['status', '--swarm', '--json'], member)) as SwarmOverview);
  const [same] = seen;
  for (const other of seen) expect(other).toEqual(same);
  if (same === undefined) throw new Error('nobody saw anything');

  // Every experiment is there exactly once, in the ledger of its node and in what all see.
  const all = await Promise.all(members.map(async (member) => JSON.parse(await must(['log', '--json'], member)) as { id: number }[]));
  const own = all.map((experiments) => experiments.map(({ id }) => id));
  for (const ids of own) expect(new Set(ids).size).toBe(ids.length);
  expect(same.experiments).toBe(own.flat().length);
  expect(same.experiments).toBeGreaterThanOrEqual(NODES * EACH);
  expect(same.waiting).toBe(0);
  for (const member of members) expect(await must(['verify'], member)).toContain('agree');

  // Something was found and confirmed, and the lie is known for one.
  expect(same.incumbents.length).toBeGreaterThan(0);
  const liar = same.nodes.find(({ id }) => id === 'n2');
  expect(liar?.refuted).toBeGreaterThan(0);
  expect(same.incumbents.every(({ effect }) => effect < 0 && effect > -0.6)).toBe(true);
  if (FULL) console.log(`${await must(['status', '--swarm'], members[0] as Member)}\nafter ${Math.round(performance.now() / 1000)} s`);
});
