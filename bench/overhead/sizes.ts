import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Loose objects of a repository, and MB that all of its objects take on the disk. */
export interface Sizes {
  readonly loose: number;
  readonly objectMb: number;
}

export function sizesOf(objects: string): Sizes {
  const files = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const blocks = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).blocks, 0);
  return { loose: files.filter(({ parentPath }) => /\/[0-9a-f]{2}$/.test(parentPath)).length, objectMb: (blocks * 512) / 1e6 };
}
