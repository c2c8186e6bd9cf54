/** The places to measure, each by its name; null where it cannot be started here. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import ray from '../../plugins/trainers/ray/index.ts';
import slurm from '../../plugins/trainers/slurm/index.ts';
import ssh from '../../plugins/trainers/ssh/index.ts';
import { NO_NAMESPACE } from '../../test/helpers/network-namespace.ts';
import { NO_SLURM, startSlurm } from '../../test/helpers/slurm.ts';
import { SSHD, startSshd } from '../../test/helpers/sshd.ts';
import { Cluster } from '../../test/ray/cluster.ts';
import { RAY } from '../../test/ray/installed.ts';
import type { Place } from './place.ts';

const run = promisify(execFile);
const LOOK_MS = 100;

export const PLACES: Readonly<Record<string, () => Promise<Place | null>>> = { ssh: openSsh, slurm: openSlurm, ray: openRay };

async function openSsh(): Promise<Place | null> {
  if (SSHD === null) return null;
  const server = await startSshd();
  return {
    name: 'ssh',
    definition: ssh,
    options: { hosts: [server.host], ssh: server.ssh, folder: server.folder },
    plain: async (seconds) => void (await run('ssh', [...server.ssh, server.host, `sleep ${seconds}; echo done`])),
    remove: () => server.remove(),
  };
}

async function openSlurm(): Promise<Place | null> {
  if (NO_SLURM !== null) return null;
  const cluster = await startSlurm();
  const program = (name: string) => join(cluster.bin, name);
  return {
    name: 'slurm',
    definition: slurm,
    options: { folder: cluster.folder, bin: cluster.bin },
    async plain(seconds) {
      const wrap = `--wrap=sleep ${seconds}; echo done`;
      const { stdout } = await run(program('sbatch'), ['--parsable', '-o', '/dev/null', wrap], { cwd: cluster.folder });
      while ((await run(program('squeue'), ['-h', '-j', stdout.trim()])).stdout.trim() !== '') await sleep(LOOK_MS);
    },
    remove: () => cluster.remove(),
  };
}

let jobs = 0;

async function openRay(): Promise<Place | null> {
  if (NO_NAMESPACE !== null || !existsSync(RAY)) return null;
  const cluster = await Cluster.start({ cpus: 8 });
  return {
    name: 'ray',
    definition: ray,
    options: cluster.options,
    async plain(seconds) {
      const id = `plain-${process.pid}-${jobs++}`;
      await cluster.ask('POST', 'jobs/', { submission_id: id, entrypoint: `sleep ${seconds}; echo done`, entrypoint_num_cpus: 1 });
      for (;;) {
        const { status } = JSON.parse((await cluster.ask('GET', `jobs/${id}`)).text) as { status: string };
        if (status === 'SUCCEEDED') break;
        if (status === 'FAILED') throw new Error(`${id} failed`);
        await sleep(LOOK_MS);
      }
      await cluster.ask('GET', `jobs/${id}/logs`);
    },
    remove: () => cluster.stop(),
  };
}
