import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callProgram, workerScript, type CallWorker, type PluginContext, type Preflight } from '../../../src/plugin.ts';
import type { JobFolders } from './job-folders.ts';
import type { SlurmOptions } from './options.ts';
import type { CallSlurm } from './queue.ts';
import { resourceOptions } from './sbatch.ts';

/** What clients of Slurm need of the person's environment. sbatch hands it on to the job, so that nothing else may be in it. */
const PASSED = ['HOME', 'PATH', 'USER', 'LOGNAME', 'LANG', 'SLURM_CONF', 'SLURM_CLUSTERS', 'SLURM_JWT', 'KRB5CCNAME'];

/** What sbatch says where it takes jobs that then wait for nodes. */
const NOT_NOW = /busy|drained|temporar|currently not available/i;

/** The programs of a cluster, and its shared folder. */
export class Cluster {
  readonly #options: SlurmOptions;
  readonly #context: PluginContext;
  readonly #jobs: JobFolders;
  #installed: Promise<void> | null = null;
  #hidden: Promise<readonly string[]> | null = null;

  constructor(options: SlurmOptions, context: PluginContext, jobs: JobFolders) {
    this.#options = options;
    this.#context = context;
    this.#jobs = jobs;
  }

  readonly slurm: CallSlurm = async (program, ...args) => {
    const path = this.#options.bin === '' ? program : join(this.#options.bin, program);
    // Jobs inherit the environment of sbatch. On a cluster of one machine the mark by which our processes are found and ended
    // would get there too.
    const argv = program === 'sbatch' ? (['env', '-u', 'AUTORESEARCH_PROCESS', path, ...args] as const) : ([path, ...args] as const);
    return (await callProgram(this.#context, argv, { env: environment(), timeoutMs: 120_000, name: path })).toString();
  };

  readonly worker: CallWorker = async (args, input) => {
    await this.install();
    const [word, key = '', offset = '0'] = args;
    const ended = word === 'poll' ? await this.#jobs.answer(key, Number(offset)) : null;
    if (ended !== null) return ended;
    const argv = ['sh', join(this.#options.folder, 'worker.sh'), ...args] as const;
    return callProgram(this.#context, argv, { input, env: environment(), timeoutMs: input === undefined ? 60_000 : 30 * 60_000 });
  };

  /** Puts `worker.sh` into the shared folder, where it has not done so yet. */
  async install(): Promise<void> {
    this.#installed ??= this.#install();
    try {
      await this.#installed;
    } catch (error) {
      this.#installed = null;
      throw error;
    }
  }

  /** Folders of the sockets through which a candidate could act on Slurm as this user: munge's, and those of running jobs. */
  readonly hidden = (): Promise<readonly string[]> => {
    this.#hidden ??= this.slurm('scontrol', 'show', 'config').then(foldersIn);
    this.#hidden.catch(() => (this.#hidden = null));
    return this.#hidden;
  };

  async verify(preflight: Preflight): Promise<void> {
    try {
      await this.slurm('scontrol', 'ping');
    } catch (error) {
      preflight.problem('SLURM_UNREACHABLE', messageOf(error), 'see what sinfo says on this machine; option bin names the folder of sinfo');
      return;
    }
    await this.#install().catch((error: unknown) =>
      preflight.problem(
        'SLURM_FOLDER',
        `${this.#options.folder}: ${messageOf(error)}`,
        'name a folder that this machine and all nodes share',
      ),
    );
    const asked = resourceOptions(this.#options, 60);
    await this.slurm('sbatch', '--test-only', ...asked, '--wrap=true').catch(async (error: unknown) => {
      const text = messageOf(error);
      if (NOT_NOW.test(text) || !(await this.#hasNodes())) preflight.warning(`trials will wait: ${text}`);
      else preflight.problem('SLURM_REFUSED', text, `the options are: sbatch ${asked.join(' ')}`);
    });
  }

  /** Whether a node is up. Slurm gives the same error where no node has the resources and where those that do are drained or down. */
  async #hasNodes(): Promise<boolean> {
    const { partition } = this.#options;
    const states = await this.slurm('sinfo', '--noheader', '--format=%t', ...(partition === undefined ? [] : [`--partition=${partition}`]));
    return states.trim() === '' || /^(idle|mix|alloc|comp|plnd)/m.test(states);
  }

  async #install(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const script = await readFile(workerScript());
    const file = join(folder, 'worker.sh');
    if ((await readFile(file).catch(() => null))?.equals(script) === true) return;
    // Renamed into place, so that a job that starts now reads a whole script.
    const next = `${file}.${process.pid}`;
    await writeFile(next, script);
    await rename(next, file);
  }
}

function foldersIn(config: string): string[] {
  const socket = /^AuthInfo\s*=.*socket=(\/[^\s,]+)\/[^/\s,]+/m.exec(config)?.[1];
  const spool = /^SlurmdSpoolDir\s*=\s*(\/[^\s%]+)/m.exec(config)?.[1];
  // The path up to the first part that depends on the node; hiding a short one such as /var would hide too much.
  const folders = ['/etc/munge', socket, spool?.replace(/\/[^/]*$/, (last) => (last === '/' ? '' : last))];
  return folders.filter((path) => path !== undefined).filter((path) => path.split('/').length > 2);
}

function environment(): Record<string, string> {
  return Object.fromEntries(PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
