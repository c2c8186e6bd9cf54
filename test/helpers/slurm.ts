import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../src/sandbox/probe.ts';
import { makeNetworkNamespace, NO_NAMESPACE, type NetworkNamespace } from './network-namespace.ts';
import type { TrainerConfig } from './remote-trials.ts';
import { accountingDaemons, accountingSettings } from './slurm-accounting.ts';
import { slurmConf } from './slurm-conf.ts';

const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;
const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter((name) => findProgram(name, PATH) === null);

/** Why there is no Slurm to test with; null where it can be started. */
export const NO_SLURM: string | null =
  missing.length > 0 ? `there is no ${missing.join(', no ')} (apt-get install slurm-wlm munge)` : NO_NAMESPACE;

type Daemon = 'munged' | 'mariadbd' | 'slurmdbd' | 'slurmctld' | 'slurmd';

/** How a daemon is started, and whether it answers. */
export interface HowToStart {
  readonly argv: readonly string[];
  readonly isUp: () => boolean;
  /** Called before it is started first. */
  readonly prepare?: () => void;
}

/** A Slurm of this test, with one node, in a network namespace. */
export interface Slurm {
  readonly network: NetworkNamespace;
  /** Holds sbatch, squeue and the others, which speak with it. */
  readonly bin: string;
  /** The shared folder of the cluster. */
  readonly folder: string;
  /** The socket that lends its caller's name to the cluster. */
  readonly mungeSocket: string;
  /** Runs a client program, and gives what it prints. */
  call(program: string, ...args: string[]): string;
  /** Changes settings of slurm.conf while it works. */
  configure(settings: Readonly<Record<string, string | number>>): void;
  /** Kills a daemon, as a machine that fails does. Jobs go on. */
  kill(daemon: Daemon): Promise<void>;
  /** Starts it again, and waits for it to answer. */
  start(daemon: Daemon): Promise<void>;
  remove(): Promise<void>;
}

const CLIENTS = ['sbatch', 'squeue', 'scancel', 'sacct', 'sacctmgr', 'scontrol', 'sinfo'];

/**
 * `cpus` are those that Slurm believes in: more jobs than the machine has processors run at once.
 * `accounting`: with slurmdbd and its data base, and no other place where ended jobs are kept.
 */
export async function startSlurm({ cpus = 8, accounting = false } = {}): Promise<Slurm> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-slurm-'));
  const file = (name: string) => join(dir, name);
  for (const name of ['munge', 'state', 'spool', 'bin', 'shared']) mkdirSync(file(name), { mode: 0o755 });
  chmodSync(dir, 0o755);
  writeFileSync(file('munge.key'), randomBytes(1024), { mode: 0o400 });
  const conf = { dir, host: hostname(), cpus };
  const settings = accounting ? accountingSettings(conf) : {};
  writeFileSync(file('slurm.conf'), slurmConf({ ...conf, settings }));
  writeFileSync(file('cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  const network = makeNetworkNamespace();
  for (const name of CLIENTS) {
    const real = findProgram(name, PATH) ?? name;
    const words = [...network.enter, real].map((word) => `'${word}'`).join(' ');
    writeFileSync(join(file('bin'), name), `#!/bin/sh\nexport SLURM_CONF='${file('slurm.conf')}'\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
  const call = (program: string, ...args: string[]) =>
    execFileSync(join(file('bin'), program), args, { encoding: 'utf8', timeout: 60_000 });
  const answers = (program: string, ...args: string[]) =>
    spawnSync(join(file('bin'), program), args, { encoding: 'utf8', timeout: 60_000 });
  const daemons: Record<Daemon, HowToStart> = {
    munged: {
      argv: ['munged', '--force', '--foreground', ...mungeFiles(dir)],
      isUp: () => existsSync(file('munge/socket')),
    },
    ...accountingDaemons(dir, answers),
    slurmctld: { argv: ['slurmctld', '-D'], isUp: () => answers('scontrol', 'ping').stdout.includes('UP') },
    slurmd: { argv: ['slurmd', '-D', '-N', 'n1'], isUp: () => /^(idle|mix|alloc)/.test(answers('sinfo', '-h', '-o', '%t').stdout) },
  };
  const running = new Map<Daemon, ChildProcess>();
  const start = async (name: Daemon) => {
    const { argv, isUp } = daemons[name];
    const log = openSync(file(`${name}.out`), 'a');
    const env = { ...process.env, PATH, SLURM_CONF: file('slurm.conf') };
    const [enter, ...rest] = network.enter;
    running.set(name, spawn(enter, [...rest, ...argv], { stdio: ['ignore', log, log], env, detached: true }));
    closeSync(log);
    for (let waited = 0; !isUp(); waited += 100) {
      if (waited > 60_000) throw new Error(`${name} does not start:\n${readFileSync(file(`${name}.out`), 'utf8').slice(-2000)}`);
      await sleep(100);
    }
  };
  const slurm: Slurm = {
    network,
    bin: file('bin'),
    folder: file('shared'),
    mungeSocket: file('munge/socket'),
    call,
    configure(changed) {
      writeFileSync(file('slurm.conf'), slurmConf({ ...conf, settings: { ...settings, ...changed } }));
      call('scontrol', 'reconfigure');
    },
    start,
    async kill(name) {
      const child = running.get(name);
      running.delete(name);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    async remove() {
      await network.remove();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await start('munged');
    if (accounting) daemons.mariadbd.prepare?.();
    if (accounting) for (const name of ['mariadbd', 'slurmdbd'] as const) await start(name);
    for (const name of ['slurmctld', 'slurmd'] as const) await start(name);
  } catch (error) {
    await slurm.remove();
    throw error;
  }
  return slurm;
}

/** A trainer whose trials are jobs of the cluster. */
export function trainerOnSlurm({ folder, bin }: Slurm, options: object = {}, timeout = '60s'): TrainerConfig {
  return { use: 'slurm', with: { folder, bin, run: ['sh', 'train.sh'], pollSeconds: 0.2, ...options }, timeout };
}

function mungeFiles(dir: string): string[] {
  const files = {
    'key-file': 'munge.key',
    socket: 'munge/socket',
    'pid-file': 'munge/pid',
    'log-file': 'munge/log',
    'seed-file': 'munge/seed',
  };
  return Object.entries(files).map(([option, name]) => `--${option}=${join(dir, name)}`);
}
