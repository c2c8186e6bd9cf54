import { createRemoteTrainer, definePlugin } from '../../../src/plugin.ts';
import { Cluster } from './cluster.ts';
import { slurmEngine } from './engine.ts';
import { JobFolders } from './job-folders.ts';
import { SLURM_SCHEMA } from './options.ts';
import { Queue } from './queue.ts';

export default definePlugin({
  kind: 'trainer',
  name: 'slurm',
  apiVersion: 1,
  description: 'Runs each trial as a job of Slurm: nodes need git, a POSIX shell and a folder that they share with this machine.',
  isRemote: true,
  schema: SLURM_SCHEMA,
  create(options, context) {
    const jobs = new JobFolders(options.folder);
    const cluster = new Cluster(options, context, jobs);
    const { worker, slurm, hidden } = cluster;
    const queue = new Queue(slurm, Math.min(5000, options.pollSeconds * 2500));
    const engine = slurmEngine({ options, worker, jobs, slurm, queue, install: () => cluster.install() });
    return {
      ...createRemoteTrainer({ options, context, hidden, engineOf: () => engine }),
      verify: (preflight) => cluster.verify(preflight),
    };
  },
});
