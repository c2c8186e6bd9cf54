import { createHash } from 'node:crypto';
import { createReadStream, readlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { digestOfList } from '../../sandbox/hand-over.ts';
import { stampAll } from '../../seals/stamps.ts';

/** The sha256 of files and folders, read again only where size, times or inodes have changed, or were too young to tell. */
export class Digests {
  readonly #known = new Map<string, { readonly stamp: string; readonly sha256: string }>();
  readonly #files = new Map<string, { readonly stamp: string; readonly sha256: string }>();

  /** For a file, of its content; for a folder, of the list of its files with their digests. A link counts by its target. */
  async of(path: string): Promise<string> {
    const stamped = [...stampAll([path])];
    const stamp = createHash('sha256')
      .update(stamped.map(([file, { stamp: own }]) => `${file}\0${own}`).join('\0'))
      .digest('hex');
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.sha256;
    const found: [string, string][] = [];
    for (const [file, { stamp: own, isFile, isYoung }] of stamped) {
      if (isFile) found.push([relative(path, file), await this.#ofFile(file, own, isYoung)]);
      else if (file !== path) found.push([relative(path, file), createHash('sha256').update(targetOf(file)).digest('hex')]);
    }
    const isOne = found.length === 1 && (found[0]?.[0] === '' || found[0]?.[0].startsWith('..'));
    const sha256 = isOne ? (found[0]?.[1] ?? '') : digestOfList(found);
    if (!stamped.some(([, { isYoung }]) => isYoung)) this.#known.set(path, { stamp, sha256 });
    return sha256;
  }

  async #ofFile(file: string, stamp: string, isYoung: boolean): Promise<string> {
    const known = this.#files.get(file);
    if (known?.stamp === stamp) return known.sha256;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    const sha256 = hash.digest('hex');
    if (!isYoung) this.#files.set(file, { stamp, sha256 });
    return sha256;
  }
}

/** Ignores pipes and sockets. */
function targetOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
