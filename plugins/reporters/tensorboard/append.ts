import { appendFile, mkdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Mark {
  readonly key: string;
  readonly at: number;
}

/**
 * A file that blocks are appended to, each exactly once: before a block is written, a mark beside the file says where it
 * begins. A block that is written again, after a kill or a full disk, begins at the same place.
 */
export class BlockFile {
  readonly #file: string;
  readonly #markFile: string;
  readonly #head: Buffer;

  constructor(file: string, markFile: string, head: Buffer) {
    this.#file = file;
    this.#markFile = markFile;
    this.#head = head;
  }

  async append(key: string, block: Buffer): Promise<void> {
    const mark = await this.#mark();
    const size = await this.#size();
    const at = mark?.key === key ? Math.min(mark.at, size) : mark === null ? 0 : size;
    if (mark?.key !== key) await this.#setMark({ key, at });
    await mkdir(dirname(this.#file), { recursive: true });
    if (at < size) await truncate(this.#file, at);
    await appendFile(this.#file, at === 0 ? Buffer.concat([this.#head, block]) : block);
  }

  async #size(): Promise<number> {
    try {
      return (await stat(this.#file)).size;
    } catch {
      return 0;
    }
  }

  async #mark(): Promise<Mark | null> {
    try {
      return JSON.parse(await readFile(this.#markFile, 'utf8')) as Mark;
    } catch {
      return null;
    }
  }

  async #setMark(mark: Mark): Promise<void> {
    await mkdir(dirname(this.#markFile), { recursive: true });
    await writeFile(`${this.#markFile}.part`, JSON.stringify(mark));
    await rename(`${this.#markFile}.part`, this.#markFile);
  }
}
