import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, treeOf } from '../../src/process/table.ts';
import { findProgram } from '../../src/sandbox/probe.ts';
import type { TrainerConfig } from './remote-trials.ts';
import { forwardPort, type Forward } from './forward.ts';
import type { NetworkNamespace } from './network-namespace.ts';
import { freePort } from './ports.ts';

export const SSHD = findProgram('sshd', `${process.env['PATH']}:/usr/sbin`);

export interface Sshd {
  /** The host, as the trainer's option has it. */
  readonly host: string;
  readonly ssh: readonly string[];
  /** Where jobs go: a folder of this test. */
  readonly folder: string;
  /** Ends the server and every connection, as a network that is gone does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** A real sshd on the loopback interface, with keys of its own: that of a namespace where one is given. */
export async function startSshd(network?: NetworkNamespace): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-sshd-'));
  const file = (name: string) => join(dir, name);
  for (const key of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  copyFileSync(file('user.pub'), file('authorized_keys'));
  const own = await freePort();
  const forward: Forward | null = network === undefined ? null : await forwardPort(network, own, dir);
  const port = forward?.port ?? own;
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const lines = [`Port ${own}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, `AuthorizedKeysFile ${file('authorized_keys')}`];
  writeFileSync(file('config'), [...lines, 'StrictModes no', 'UsePAM no', `PidFile ${file('pid')}`, 'PermitRootLogin yes', ''].join('\n'));
  let child: ReturnType<typeof spawn> | null = null;
  const start = async () => {
    const [program = '', ...args] = [...(network?.enter ?? []), SSHD ?? '', '-D', '-e', '-f', file('config')];
    child = spawn(program, args, { stdio: 'ignore', detached: true });
    for (let tried = 0; tried < 1000; tried++) {
      if (await answers(port)) return;
      await sleep(50);
    }
    throw new Error('sshd does not answer');
  };
  // A job has a session of its own and no parent any more, so it goes on.
  const stop = async () => {
    const pid = child?.pid;
    child = null;
    if (pid === undefined) return;
    for (const row of treeOf(await listProcesses(), pid)) spawnSync('kill', ['-9', String(row.pid)]);
  };
  await start();
  const options = [
    '-F',
    '/dev/null',
    '-p',
    String(port),
    '-i',
    file('user'),
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
  ];
  return {
    host: `${userInfo().username}@127.0.0.1`,
    ssh: options,
    folder: file('jobs-here'),
    stop,
    start,
    async remove() {
      await stop();
      forward?.close();
      await network?.remove();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** A trainer whose trials run on the server. */
export function trainerOnSsh({ host, ssh, folder }: Sshd, options: object = {}, timeout = '60s'): TrainerConfig {
  return { use: 'ssh', with: { hosts: [host], ssh, folder, run: ['sh', 'train.sh'], pollSeconds: 0.2, ...options }, timeout };
}
