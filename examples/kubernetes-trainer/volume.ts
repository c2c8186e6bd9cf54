import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callProgram, workerScript, type CallWorker, type PluginContext } from 'autoresearch/plugin';

/** The folder of jobs, as this machine sees it. */
export class SharedFolder {
  readonly #folder: string;
  readonly #context: PluginContext;
  #installed: Promise<void> | null = null;

  constructor(folder: string, context: PluginContext) {
    this.#folder = folder;
    this.#context = context;
  }

  readonly worker: CallWorker = async (args, input) => {
    this.#installed ??= this.install();
    try {
      await this.#installed;
    } catch (error) {
      this.#installed = null;
      throw error;
    }
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };
    const timeoutMs = input === undefined ? 60_000 : 30 * 60_000;
    return callProgram(this.#context, ['sh', join(this.#folder, 'worker.sh'), ...args], { input, env, timeoutMs });
  };

  /** The name of a job's folder; null where there is none. */
  async nameOf(key: string): Promise<string | null> {
    const name = (await readFile(join(this.#folder, 'jobs', key), 'utf8').catch(() => '')).trim();
    return name === '' ? null : name;
  }

  /** Has its worker begun, on whatever node? */
  hasBegun(name: string): boolean {
    return existsSync(join(this.#folder, name, 'begun'));
  }

  async install(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const script = await readFile(workerScript());
    const file = join(this.#folder, 'worker.sh');
    if ((await readFile(file).catch(() => null))?.equals(script) === true) return;
    // A pod that starts at this moment finds the old one or the new one.
    const next = `${file}.${process.pid}`;
    await writeFile(next, script);
    await rename(next, file);
  }
}
