import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageInfo {
  readonly dir: string;
  readonly name: string;
  readonly version: string | null;
  /** `main` and `exports`, as written. */
  readonly main: unknown;
  readonly exports: unknown;
}

/** Reads the package.json of a folder; null when it has none that can be read. */
export function readPackage(dir: string): PackageInfo | null {
  const file = join(dir, 'package.json');
  if (!existsSync(file)) return null;
  const data = parseObject(readFileSync(file, 'utf8'));
  if (data === null) return null;
  const { name, version, main, exports } = data;
  return { dir, name: typeof name === 'string' ? name : '', version: typeof version === 'string' ? version : null, main, exports };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? { ...data } : null;
  } catch {
    return null;
  }
}

/** This package itself, found from wherever its code runs: the sources or the build. */
export function ownPackage(): PackageInfo {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const found = readPackage(dir);
    if (found?.name === 'autoresearch') return found;
  }
  throw new Error('the folder of the package autoresearch was not found');
}
