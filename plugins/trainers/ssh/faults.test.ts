/** What fails under trials over a real sshd: each is a line of the table in docs/cluster.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellEngine, type PluginContext, type RemoteEngine, type RemoteOptions } from '../../../src/plugin.ts';
import { makeNetworkNamespace, NO_NAMESPACE } from '../../../test/helpers/network-namespace.ts';
import { processesAt, until } from '../../../test/helpers/processes.ts';
import { breaksFirstResult, cutsFirstResult, losesSightOfFirst, mistakesFirstCommit, trainerOn } from '../../../test/helpers/spoil.ts';
import { SSHD, startSshd, type Sshd } from '../../../test/helpers/sshd.ts';
import { trainAlone } from '../../../test/helpers/train-alone.ts';
import { Host } from './host.ts';
import ssh from './index.ts';

const LONG = 120_000;

describe.skipIf(SSHD === null)('trials over ssh, when something fails', () => {
  let server: Sshd;
  let network: ReturnType<typeof makeNetworkNamespace> | undefined;
  beforeAll(async () => {
    network = NO_NAMESPACE === null ? makeNetworkNamespace() : undefined;
    server = await startSshd(network);
  });
  afterAll(async () => server?.remove());

  let number = 0;
  /** Notes each start, waits until it is told to go on, prints, and writes a result that is too large to come along. */
  const program = () => {
    const mark = `${server.folder}-mark-${number++}`;
    const script = `echo x >> ${mark}; until [ -e ${mark}-go ]; do sleep 0.2; done; echo measured && head -c 300000 /dev/zero > out.txt\n`;
    return {
      files: { 'train.sh': script },
      begun: () => until('the trial', () => existsSync(mark), LONG),
      go: () => writeFileSync(`${mark}-go`, ''),
      starts: () => readFileSync(mark, 'utf8').length / 2,
    };
  };
  const options = (more: object = {}) => ({
    hosts: [server.host],
    ssh: server.ssh,
    folder: server.folder,
    run: ['sh', 'train.sh'],
    outputs: ['out.txt'],
    sandbox: 'off',
    pollSeconds: 0.2,
    ...more,
  });
  const spoilt = (spoil: (engine: RemoteEngine) => RemoteEngine) =>
    trainerOn(ssh, (given: RemoteOptions, context: PluginContext) => {
      const { folder, host, ssh: argv } = server;
      const one = new Host(host, { folder, ssh: argv, connectSeconds: 20, sandbox: given.sandbox }, context);
      return { engine: spoil(shellEngine(one.call)), close: () => one.close() };
    });

  it.skipIf(NO_NAMESPACE !== null)('the network is down for 30 s: the job goes on, and its result counts', async () => {
    const { files, begun, go, starts } = program();
    const trial = trainAlone(ssh, options(), { files, timeoutMs: LONG });
    await begun();
    network?.setLink('down');
    go();
    await sleep(30_000);
    network?.setLink('up');
    const outcome = await trial;
    expect([outcome.exit, outcome.lost, starts()]).toEqual(['completed', undefined, 1]);
  });

  it.skipIf(NO_NAMESPACE !== null)('the disk of the host is full: the trial waits for room, or is measured again', async () => {
    mkdirSync(server.folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', server.folder]);
    try {
      const { files, begun, go, starts } = program();
      const filler = join(server.folder, 'filler');
      const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
      fill();
      const trial = trainAlone(ssh, options(), { files });
      // Nothing can be sent before there is room.
      await sleep(2000);
      rmSync(filler);
      await begun();
      fill();
      go();
      await until('the end of the first attempt', () => !processesAt(server.folder).some((pid) => isWorker(pid)), LONG);
      rmSync(filler);
      const outcome = await trial;
      expect([outcome.exit, outcome.lost?.map(({ cause }) => cause)]).toEqual([
        'completed',
        [expect.stringMatching(/disk|worker was killed/)],
      ]);
      expect(starts()).toBe(2);
    } finally {
      execFileSync('umount', ['-l', server.folder]);
    }
  });

  it('a result is cut on the disk of the host: measured again', async () => {
    const { files, go, starts } = program();
    go();
    const outcome = await trainAlone(
      spoilt((engine) => cutsFirstResult(engine, server.folder)),
      options(),
      { files },
    );
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: 'out.txt did not arrive as the worker had it' }] });
    expect(starts()).toBe(2);
  });

  it('the connection breaks while a result comes: it is fetched again, and nothing is measured twice', async () => {
    const { files, go, starts } = program();
    go();
    const breaks = async () => {
      await server.stop();
      await server.start();
    };
    const outcome = await trainAlone(
      spoilt((engine) => breaksFirstResult(engine, breaks)),
      options(),
      { files },
    );
    expect([outcome.exit, outcome.lost, starts()]).toEqual(['completed', undefined, 1]);
  });

  it('the result is that of another commit: it does not count, and the right one is measured', async () => {
    const { files, go, starts } = program();
    go();
    const other = { 'train.sh': 'echo another > out.txt\n' };
    const outcome = await trainAlone(
      spoilt((engine) => mistakesFirstCommit(engine, other)),
      options(),
      { files },
    );
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: expect.stringContaining('another commit') }] });
    expect(starts()).toBe(1);
  });

  it('a job that was given up for lost ends after all: the result of the other counts, and the record says so', async () => {
    const { files, go, starts } = program();
    go();
    const outcome = await trainAlone(spoilt(losesSightOfFirst), options(), { files });
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: 'out of sight', endedLate: true }] });
    expect(starts()).toBe(2);
  });
});

function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.sh\0run');
  } catch {
    return false;
  }
}
