/** The rules of engines, for jobs of a real Slurm on this machine. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { makeContext, testRemoteEngine } from '../../../src/testing.ts';
import { NO_SLURM, startSlurm } from '../../../test/helpers/slurm.ts';
import { Cluster } from './cluster.ts';
import { slurmEngine } from './engine.ts';
import { JobFolders } from './job-folders.ts';
import { Queue } from './queue.ts';

const slurm = NO_SLURM === null ? await startSlurm() : null;
const shared = mkdtempSync(join(tmpdir(), 'autoresearch-shared-'));
afterAll(async () => {
  rmSync(shared, { recursive: true, force: true });
  await slurm?.remove();
});

if (slurm === null) {
  it.skip(`the rules of engines on Slurm: left out, ${NO_SLURM}`, () => {});
} else {
  const jobs = join(slurm.folder, 'jobs');
  testRemoteEngine({
    name: 'slurm',
    shared,
    open(given) {
      const options = { ...given, folder: slurm.folder, bin: slurm.bin, sbatch: [] };
      const folders = new JobFolders(slurm.folder);
      const cluster = new Cluster(options, makeContext({ projectDir: tmpdir() }), folders);
      const { worker, slurm: call } = cluster;
      const install = () => cluster.install();
      return { engine: slurmEngine({ options, worker, install, jobs: folders, slurm: call, queue: new Queue(call, 500) }) };
    },
    left: () => [
      ...readdirSync(slurm.folder).filter((name) => name.startsWith('job.')),
      ...(existsSync(jobs) ? readdirSync(jobs) : []),
      ...slurm.call('squeue', '--noheader', '--format=job %i').split('\n').filter(Boolean),
    ],
  });
}
