/** The places to measure, each by its name; null where it cannot be started here. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
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
  const here = 'd=$(mktemp -d) && cd "$d" && tar -x && sh train.sh && cat metrics.json; rm -rf "$d"';
  const command = (archive: string, words: readonly string[]) => ['-c', 'f=$1; shift; exec "$@" < "$f"', 'sh', archive, ...words];
  return {
    name: 'ssh',
    definition: ssh,
    options: { hosts: [server.host], ssh: server.ssh, folder: server.folder },
    plain: async (seconds) => void (await run('ssh', [...server.ssh, server.host, `sleep ${seconds}; echo done`])),
    byHand: async ({ archive }) => (await run('sh', command(archive, ['ssh', ...server.ssh, server.host, here]))).stdout,
    remove: () => server.remove(),
  };
}

async function openSlurm(): Promise<Place | null> {
  if (NO_SLURM !== null) return null;
  const cluster = await startSlurm();
  const program = (name: string) => join(cluster.bin, name);
  const job = async (wrap: string, ...more: readonly string[]) => {
    const { stdout } = await run(program('sbatch'), ['--parsable', ...more, `--wrap=${wrap}`], { cwd: cluster.folder });
    while ((await run(program('squeue'), ['-h', '-j', stdout.trim()])).stdout.trim() !== '') await sleep(LOOK_MS);
  };
  return {
    name: 'slurm',
    definition: slurm,
    options: { folder: cluster.folder, bin: cluster.bin },
    plain: (seconds) => job(`sleep ${seconds}; echo done`, '-o', '/dev/null'),
    async byHand({ archive, tree }) {
      const dir = join(cluster.folder, `by-hand-${tree}`);
      mkdirSync(dir);
      await run('tar', ['-xf', archive, '-C', dir]);
      await job('sh train.sh', `--chdir=${dir}`, `--output=${dir}/log`);
      const text = readFileSync(join(dir, 'log'), 'utf8') + readFileSync(join(dir, 'metrics.json'), 'utf8');
      rmSync(dir, { recursive: true });
      return text;
    },
    remove: () => cluster.remove(),
  };
}

let jobs = 0;

async function openRay(): Promise<Place | null> {
  if (NO_NAMESPACE !== null || !existsSync(RAY)) return null;
  const cluster = await Cluster.start({ cpus: 8 });
  const job = async (entrypoint: string, environment: object = {}) => {
    const id = `plain-${process.pid}-${jobs++}`;
    await cluster.ask('POST', 'jobs/', { submission_id: id, entrypoint, runtime_env: environment, entrypoint_num_cpus: 1 });
    for (;;) {
      const { status, message } = JSON.parse((await cluster.ask('GET', `jobs/${id}`)).text) as { status: string; message?: string };
      if (status === 'SUCCEEDED') break;
      if (status === 'FAILED') throw new Error(`${id} failed: ${message}`);
      await sleep(LOOK_MS);
    }
    return (JSON.parse((await cluster.ask('GET', `jobs/${id}/logs`)).text) as { logs: string }).logs;
  };
  return {
    name: 'ray',
    definition: ray,
    options: cluster.options,
    plain: async (seconds) => void (await job(`sleep ${seconds}; echo done`)),
    async byHand({ archive, tree }) {
      const uri = `gcs/_ray_pkg_by_hand_${tree}.zip`;
      await cluster.put(`packages/${uri}`, zipSync({ 'source.tar': readFileSync(archive) }, { level: 0 }));
      const script = 'd=$(mktemp -d) && tar -xf source.tar -C "$d" && cd "$d" && sh train.sh && cat metrics.json; rm -rf "$d"';
      const text = await job(script, { working_dir: uri.replace('/', '://') });
      return text.replaceAll(/^\d{4}-.*\n/gm, '');
    },
    remove: () => cluster.stop(),
  };
}
