/** What slurmdbd says of jobs that the controller has forgotten: a real one, where it and MariaDB are installed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteEngine } from '../../../src/plugin.ts';
import { makeContext } from '../../../src/testing.ts';
import { EnginePlace } from '../../../src/testing/engine-place.ts';
import { until } from '../../../test/helpers/processes.ts';
import { NO_ACCOUNTING } from '../../../test/helpers/slurm-accounting.ts';
import { NO_SLURM, startSlurm, type Slurm } from '../../../test/helpers/slurm.ts';
import { Cluster } from './cluster.ts';
import { slurmEngine } from './engine.ts';
import { JobFolders } from './job-folders.ts';
import { Queue } from './queue.ts';

const MISSING = NO_SLURM ?? NO_ACCOUNTING;

describe.skipIf(MISSING !== null)(`jobs that the controller has forgotten${MISSING === null ? '' : `: left out, ${MISSING}`}`, () => {
  let slurm: Slurm;
  const shared = mkdtempSync(join(tmpdir(), 'autoresearch-shared-'));
  beforeAll(async () => void (slurm = await startSlurm({ accounting: true })), 300_000);
  afterAll(async () => {
    rmSync(shared, { recursive: true, force: true });
    await slurm?.remove();
  });

  /** A new engine, as after a restart. */
  const open = (): { engine: RemoteEngine } => {
    const remote = { run: ['true'], env: [], outputs: [], maxResultsMb: 64, sandbox: 'off', network: false, readable: [] } as const;
    const times = { leaseSeconds: 600, pollSeconds: 0.2, pendingSeconds: 600, retries: 0 };
    // The shortest that Slurm takes.
    const options = { ...remote, ...times, folder: slurm.folder, bin: slurm.bin, time: '1', sbatch: [] };
    const jobs = new JobFolders(options.folder);
    const cluster = new Cluster(options, makeContext({ projectDir: shared }), jobs);
    const { worker, slurm: call } = cluster;
    const install = () => cluster.install();
    return { engine: slurmEngine({ options, worker, install, jobs, slurm: call, queue: new Queue(call, 500) }) };
  };

  it('are told by sacct: whether they were lost, or took too long', async () => {
    await EnginePlace.with({ open, shared }, { limitMs: 60_000, leaseSeconds: 600 }, async (place) => {
      const engine = await place.open();
      const start = async () => {
        const handle = await place.submit(engine, await place.job('sleep 1000'));
        await place.until(engine, handle, 'running');
        const dir = join(slurm.folder, readFileSync(join(slurm.folder, 'jobs', handle), 'utf8').trim());
        return { handle, id: readFileSync(join(dir, 'slurm-job'), 'utf8').trim(), pid: () => readFileSync(join(dir, 'pid'), 'utf8') };
      };
      const cancelled = await start();
      slurm.call('scancel', cancelled.id);
      const killed = await start();
      process.kill(Number.parseInt(killed.pid(), 10), 'SIGKILL');
      const late = await start();
      // Nobody asks until the controller has forgotten all three.
      await until('an empty list', () => slurm.call('squeue', '--noheader', '--states=all') === '' || void sleep(1000), 240_000);
      const states = await Promise.all(
        [cancelled, killed, late].map(async ({ handle }) => place.until(await place.open(), handle, 'lost', 'ended')),
      );
      expect(states).toEqual([
        { state: 'lost', detail: expect.stringContaining('its job ended as CANCELLED') },
        { state: 'lost', detail: expect.stringMatching(/its job ended as FAILED|its worker was killed/) },
        { state: 'ended', logSize: 0, end: expect.objectContaining({ exitCode: null, why: 'timeout' }) },
      ]);
    });
  });
});
