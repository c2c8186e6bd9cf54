/** Git's objects as loose files. The format is that of every git since 2005: `TYPE SIZE\0CONTENT`, named by its hash, compressed. */
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { errorOfMachine } from '../machine-errors.ts';
import type { Git } from './git.ts';

export type ObjectType = 'blob' | 'tree' | 'commit';
export type HashName = 'sha1' | 'sha256';

/** The id that git gives to an object, as bytes. */
export function hashObject(type: ObjectType, content: Buffer, hash: HashName): Buffer {
  return createHash(hash).update(`${type} ${content.length}\0`).update(content).digest();
}

export interface TreeFile {
  readonly name: string;
  readonly id: string;
}

/** The content of a tree of plain files. `files` must be sorted by name, as git does it. */
export function treeOfFiles(files: readonly TreeFile[]): Buffer {
  return Buffer.concat(files.flatMap(({ name, id }) => [Buffer.from(`100644 ${name}\0`), Buffer.from(id, 'hex')]));
}

/** Git's own speed for loose objects. */
const LEVEL = 1;

/** Writes objects without starting git. */
export class ObjectWriter {
  readonly hash: HashName;
  readonly #folder: string;
  readonly #isSynced: boolean;

  constructor(folder: string, hash: HashName, { isSynced = false } = {}) {
    this.#folder = folder;
    this.hash = hash;
    this.#isSynced = isSynced;
  }

  static async open(git: Git): Promise<ObjectWriter> {
    const out = await git.run(['rev-parse', '--path-format=absolute', '--show-object-format', '--git-path', 'objects']);
    const [hash, folder = ''] = out.split('\n');
    // With one of these settings the user asks for more safety from a power cut than git's default gives to loose objects.
    const { code } = await git.ask(['config', '--get-regexp', String.raw`^core\.fsync(objectfiles)?$`], { accept: [1] });
    return new ObjectWriter(folder, hash === 'sha256' ? 'sha256' : 'sha1', { isSynced: code === 0 });
  }

  /** Gives the object's id. */
  write(type: ObjectType, content: string | Buffer): string {
    const bytes = Buffer.from(content);
    const id = this.idOf(type, bytes);
    if (!this.isLoose(id))
      this.#create(id, deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]), { level: LEVEL }));
    return id;
  }

  idOf(type: ObjectType, content: Buffer): string {
    return hashObject(type, content, this.hash).toString('hex');
  }

  isLoose(id: string): boolean {
    return existsSync(this.#pathOf(id));
  }

  #pathOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id.slice(2));
  }

  #create(id: string, bytes: Buffer): void {
    const folder = join(this.#folder, id.slice(0, 2));
    const mode = this.#makeFolder(folder);
    // Git removes old files with such a name.
    const draft = join(folder, `tmp_obj_${randomUUID()}`);
    try {
      const fd = openSync(draft, 'wx', mode & 0o444);
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
        if (this.#isSynced) fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(draft, this.#pathOf(id));
    } catch (error) {
      rmSync(draft, { force: true });
      throw errorOfMachine(error) ?? error;
    }
  }

  /** Makes the folder if it is not there. Gives the mode of the one above, by which a repository says who shares it. */
  #makeFolder(folder: string): number {
    try {
      const { mode } = statSync(this.#folder);
      if (existsSync(folder)) return mode;
      // Not with those above: asked for all at once, Node says of a disk that fails that there is no such folder.
      mkdirSync(folder);
      chmodSync(folder, mode & 0o7777);
      return mode;
    } catch (error) {
      // Another process has just made it.
      if (existsSync(folder)) return statSync(this.#folder).mode;
      throw errorOfMachine(error) ?? error;
    }
  }
}
