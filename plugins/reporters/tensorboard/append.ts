import { appendFile, mkdir, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from '../_delivery/write-whole.ts';

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
  /** As it was last written by this session. */
  #written: Mark | null = null;

  constructor(file: string, markFile: string, head: Buffer) {
    this.#file = file;
    this.#markFile = markFile;
    this.#head = head;
  }

  async append(key: string, block: Buffer): Promise<void> {
    const mark = this.#written ?? (await this.#mark());
    const size = await this.#size();
    const at = mark?.key === key ? Math.min(mark.at, size) : mark === null ? 0 : size;
    if (mark?.key !== key) await this.#setMark({ key, at });
    if (size === 0) await mkdir(dirname(this.#file), { recursive: true });
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
    await writeWhole(this.#markFile, JSON.stringify(mark));
    this.#written = mark;
  }
}
