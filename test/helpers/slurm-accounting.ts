import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sandbox/probe.ts';
import type { HowToStart } from './slurm.ts';

const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;
const missing = ['slurmdbd', 'mariadbd', 'mariadb-install-db'].filter((name) => findProgram(name, PATH) === null);

/** Why no slurmdbd can be started here; null where it can. */
export const NO_ACCOUNTING: string | null =
  missing.length > 0 ? `there is no ${missing.join(', no ')} (apt-get install slurmdbd mariadb-server)` : null;

type Answers = (program: string, ...args: string[]) => { readonly status: number | null };

/** Where ended jobs are kept: in the data base alone, and in the controller for as short as it can be. */
export function accountingSettings({ dir, host }: { readonly dir: string; readonly host: string }): Record<string, string | number> {
  const settings = {
    AuthType: 'auth/munge',
    AuthInfo: `socket=${dir}/munge/socket`,
    DbdHost: host,
    DbdAddr: '127.0.0.1',
    SlurmUser: 'root',
    PidFile: `${dir}/slurmdbd.pid`,
    LogFile: `${dir}/slurmdbd.log`,
    StorageType: 'accounting_storage/mysql',
    StorageHost: '127.0.0.1',
    StoragePort: 3306,
    StorageUser: 'root',
    StorageLoc: 'slurm_acct',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(dir, 'slurmdbd.conf'), lines.join(''), { mode: 0o600 });
  return {
    AccountingStorageType: 'accounting_storage/slurmdbd',
    AccountingStorageHost: '127.0.0.1',
    // The socket of munge, in words of its own.
    AccountingStoragePass: `${dir}/munge/socket`,
    AccountingStoreFlags: 'job_comment',
    JobCompType: 'jobcomp/none',
    MinJobAge: 2,
  };
}

export function accountingDaemons(dir: string, answers: Answers): Record<'mariadbd' | 'slurmdbd', HowToStart> {
  const data = join(dir, 'mariadb');
  const socket = join(dir, 'mariadb.socket');
  // In a network that nobody else is in, without a password.
  const options = ['--no-defaults', `--datadir=${data}`, '--user=root'];
  const small = ['--innodb-buffer-pool-size=32M', '--innodb-log-file-size=16M'];
  const mariadbd = [...options, ...small, `--socket=${socket}`, '--bind-address=127.0.0.1', '--skip-grant-tables', '--skip-name-resolve'];
  return {
    mariadbd: {
      prepare: () =>
        void execFileSync('mariadb-install-db', [...options, '--skip-test-db'], { stdio: 'ignore', env: { ...process.env, PATH } }),
      argv: ['mariadbd', ...mariadbd],
      isUp: () => existsSync(socket),
    },
    slurmdbd: { argv: ['slurmdbd', '-D'], isUp: () => answers('sacctmgr', '--immediate', 'add', 'cluster', 'test').status === 0 },
  };
}
