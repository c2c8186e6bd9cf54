/** Results that are spoilt between a worker of a real Slurm and here: each is a line of the table in docs/cluster.md. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PluginContext, RemoteEngine } from '../../../src/plugin.ts';
import { NO_SLURM, startSlurm, type Slurm } from '../../../test/helpers/slurm.ts';
import { cutsFirstResult, mistakesFirstCommit, trainerOn } from '../../../test/helpers/spoil.ts';
import { trainAlone } from '../../../test/helpers/train-alone.ts';
import { Cluster } from './cluster.ts';
import { slurmEngine } from './engine.ts';
import slurmTrainer from './index.ts';
import { JobFolders } from './job-folders.ts';
import type { SlurmOptions } from './options.ts';
import { Queue } from './queue.ts';

describe.skipIf(NO_SLURM !== null)(`results on Slurm${NO_SLURM === null ? '' : `: left out, ${NO_SLURM}`}`, () => {
  let slurm: Slurm;
  beforeAll(async () => void (slurm = await startSlurm()));
  afterAll(async () => slurm?.remove());

  const train = async (name: string, spoil: (engine: RemoteEngine) => RemoteEngine) => {
    const mark = `${slurm.bin}/${name}`;
    const definition = trainerOn(slurmTrainer, (options: SlurmOptions, context: PluginContext) => {
      const jobs = new JobFolders(slurm.folder);
      const cluster = new Cluster(options, context, jobs);
      const { worker, slurm: call } = cluster;
      const install = () => cluster.install();
      return { engine: spoil(slurmEngine({ options, worker, install, jobs, slurm: call, queue: new Queue(call, 500) })) };
    });
    const where = { folder: slurm.folder, bin: slurm.bin, run: ['sh', 'train.sh'], outputs: ['out.txt'], sandbox: 'off', pollSeconds: 0.2 };
    const files = { 'train.sh': `echo x >> ${mark}; head -c 300000 /dev/zero > out.txt\n` };
    const outcome = await trainAlone(definition, where, { files });
    return { outcome, starts: existsSync(mark) ? readFileSync(mark, 'utf8').length / 2 : 0 };
  };

  it('a result is cut in the shared folder: measured again', async () => {
    const { outcome, starts } = await train('cut', (engine) => cutsFirstResult(engine, slurm.folder));
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: 'out.txt did not arrive as the worker had it' }] });
    expect(starts).toBe(2);
  });

  it('the result is that of another commit: it does not count, and the right one is measured', async () => {
    const other = { 'train.sh': 'echo another > out.txt\n' };
    const { outcome, starts } = await train('other', (engine) => mistakesFirstCommit(engine, other));
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: expect.stringContaining('another commit') }] });
    expect(starts).toBe(1);
  });
});
