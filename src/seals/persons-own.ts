import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeFolders } from '../folders.ts';
import { branchStamp, branchTips } from '../git/run-refs.ts';
import type { Repository } from '../git/repository.ts';

interface Taken {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly branches: ReadonlyMap<string, string>;
}

/**
 * The direction, the config and the user's branches: the user may change them during a run, and so can an agent or a trial
 * without a sandbox. Nobody can tell who it was, so nothing is undone: a change is reported, and the former content of a file is
 * kept.
 */
export class PersonsOwn {
  readonly #repository: Repository;
  readonly #paths: readonly string[];
  readonly #keepDir: string;
  #before: Promise<Taken>;
  #branches: { readonly stamp: string | null; readonly tips: Taken['branches'] } | null = null;

  /** Paths are absolute. */
  constructor(repository: Repository, paths: readonly string[], keepDir: string) {
    this.#repository = repository;
    this.#paths = paths;
    this.#keepDir = keepDir;
    this.#before = this.#take();
    // It is reported where it is asked for.
    this.#before.catch(() => {});
  }

  /** What has changed since the last time, in words. */
  async changes(): Promise<string[]> {
    const before = await this.#before;
    const now = await this.#take();
    this.#before = Promise.resolve(now);
    const files = [...before.files].flatMap(([path, bytes]) => {
      const after = now.files.get(path);
      return after?.equals(bytes) === true
        ? []
        : [`${basename(path)} ${after ? 'was changed' : 'was deleted'}; before: ${this.#keep(path, bytes)}`];
    });
    const branches = [...before.branches].flatMap(([name, tip]) => {
      const after = now.branches.get(name);
      if (after === tip) return [];
      return [`the branch ${name} ${after === undefined ? 'was deleted' : `went to ${after.slice(0, 10)}`}; before: ${tip.slice(0, 10)}`];
    });
    return [...files, ...branches];
  }

  async #take(): Promise<Taken> {
    const files = this.#paths.flatMap((path): [string, Buffer][] => {
      try {
        return [[path, readFileSync(path)]];
      } catch {
        return [];
      }
    });
    return { files: new Map(files), branches: await this.#takeBranches() };
  }

  /** Git is asked only where something has changed. */
  async #takeBranches(): Promise<Taken['branches']> {
    const stamp = branchStamp(this.#repository);
    if (stamp === null || stamp !== this.#branches?.stamp) this.#branches = { stamp, tips: await branchTips(this.#repository) };
    return this.#branches.tips;
  }

  #keep(path: string, bytes: Buffer): string {
    makeFolders(this.#keepDir);
    for (let n = 1; ; n++) {
      const place = join(this.#keepDir, `${n}-${basename(path)}`);
      try {
        writeFileSync(place, bytes, { flag: 'wx' });
        return place;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
  }
}
