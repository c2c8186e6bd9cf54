import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `worker.sh` gives of a log at once, and of results with the end of their job. */
const MOST = 256 * 1024;
const MOST_FILES = 100;

/**
 * The folders of jobs in the shared folder. What this machine does there for each trial it does without `worker.sh`, since to
 * start a program takes longer than the rest.
 */
export class JobFolders {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Null where there is none. */
  async dirOf(key: string): Promise<string | null> {
    const name = await readFile(join(this.#root, 'jobs', key), 'utf8').catch(() => '');
    return name === '' ? null : join(this.#root, name.trim());
  }

  /**
   * Puts the files of a job there, as `worker.sh prepare` does.
   * @returns whether it was not there before
   */
  async prepare(key: string, files: string): Promise<boolean> {
    const known = await this.dirOf(key);
    if (known !== null && existsSync(known)) return false;
    const name = `job.${key}.${process.pid}-${randomBytes(4).toString('hex')}`;
    const dir = join(this.#root, name);
    await mkdir(join(this.#root, 'jobs'), { recursive: true, mode: 0o700 });
    await mkdir(dir, { mode: 0o700 });
    try {
      await cp(files, dir, { recursive: true });
      await writeFile(join(dir, 'lease'), 'prepared\n');
      await writeFile(join(dir, 'name'), `${name}\n`);
      // Made once: of two that submit the same job, one is told that it is known.
      await link(join(dir, 'name'), join(this.#root, 'jobs', key));
      return true;
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  /** Until its worker has written down its end, or so much time has passed. A look at a folder costs next to nothing. */
  async awaitEnd(key: string, waitMs: number): Promise<void> {
    const dir = await this.dirOf(key);
    if (dir === null) return;
    const began = performance.now();
    for (let spent = 0; spent < waitMs && !existsSync(join(dir, 'end')); spent = performance.now() - began) {
      await sleep(Math.min(Math.max(10, spent / 50), 250, waitMs - spent));
    }
  }

  /** What `worker.sh poll` answers of a job that has ended; null where it has not. */
  async answer(key: string, offset: number): Promise<Buffer | null> {
    const dir = await this.dirOf(key);
    const end = dir === null ? null : await readFile(join(dir, 'end'), 'utf8').catch(() => null);
    if (dir === null || end === null) return null;
    const count = Number(/^files=(\d+)$/m.exec(end)?.[1] ?? 0);
    const bytes = Number(/^bytes=(\d+)$/m.exec(end)?.[1] ?? Number.POSITIVE_INFINITY);
    const cameAlong = count > 0 && count <= MOST_FILES && bytes <= MOST;
    const head = ['state=ended age=0', ...end.trimEnd().split('\n'), ...(cameAlong ? ['here=yes'] : [])].join('; ');
    const names = cameAlong ? ['list', ...Array.from({ length: count }, (_, index) => String(index + 1))] : [];
    const results = await Promise.all(names.map((name) => readFile(join(dir, 'results', name))));
    return Buffer.concat([Buffer.from(`${head}\n`), ...results, await readFrom(join(dir, 'log'), offset)]);
  }
}

/** Nothing, where there is no such file. */
async function readFrom(path: string, offset: number): Promise<Uint8Array> {
  const file = await open(path).catch(() => null);
  try {
    const read = await file?.read({ buffer: Buffer.alloc(MOST), position: offset });
    return read?.buffer.subarray(0, read.bytesRead) ?? Buffer.alloc(0);
  } finally {
    await file?.close();
  }
}
