import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPackage, type PackageInfo } from './package.ts';

const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

export interface PackageFile {
  readonly info: PackageInfo;
  /** The absolute path of the module; null when the package exports none for this name. */
  readonly file: string | null;
}

/** Looks for an installed package the way Node's import does, from a folder upward; null when there is none. */
export function findPackage(specifier: string, from: string): PackageFile | null {
  const [name, rest] = split(specifier);
  for (let dir = from; ; dir = dirname(dir)) {
    const info = readPackage(join(dir, 'node_modules', name));
    if (info !== null) return { info, file: entryOf(info, rest) };
    if (dir === dirname(dir)) return null;
  }
}

function split(specifier: string): [name: string, rest: string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
}

/** The absolute path of what a package exports under a name (`''`: itself); null when it exports no file that is there. */
export function entryOf(info: PackageInfo, rest: string): string | null {
  const target = info.exports === undefined || info.exports === null ? withoutExports(info, rest) : throughExports(info.exports, rest);
  if (target === null) return null;
  const file = join(info.dir, target);
  return existsSync(file) ? file : null;
}

function withoutExports(info: PackageInfo, rest: string): string {
  if (rest !== '') return rest;
  return typeof info.main === 'string' ? info.main : 'index.js';
}

function throughExports(exports: unknown, rest: string): string | null {
  const key = rest === '' ? '.' : `./${rest}`;
  const isTable = typeof exports === 'object' && exports !== null && Object.keys(exports).some((name) => name.startsWith('.'));
  if (!isTable) return key === '.' ? pick(exports) : null;
  return pick(Object.entries(exports).find(([name]) => name === key)?.[1]);
}

// The first condition that fits, in the order the package wrote them, as Node does it.
function pick(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(pick).find((found) => found !== null) ?? null;
  if (typeof target !== 'object' || target === null) return null;
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? pick(inner) : null;
    if (found !== null) return found;
  }
  return null;
}
