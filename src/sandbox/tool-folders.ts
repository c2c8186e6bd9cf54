import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';

/** Where programs keep what their `bin` folder starts, when that folder's parent also holds other things. */
const SHARED = ['.local/lib', '.local/pipx', '.local/share/mise', '.local/share/pipx', '.local/share/uv', '.rustup', '.cargo/bin'];
const BIN = new Set(['bin', 'sbin', 'shims', '.bin']);

/** The folders of the programs on a PATH, so that they are still found where a person's home folder is hidden. */
export function toolFolders(path: string, home: string): string[] {
  const entries = path.split(delimiter).filter((entry) => isAbsolute(entry) && existsSync(entry));
  const folders = entries.flatMap((entry) => [prefixOf(entry, home), prefixOf(realpathSync(entry), home)]);
  return withPythons([...folders, ...SHARED.map((folder) => join(home, folder))]);
}

/** `~/miniconda3/bin` needs all of `~/miniconda3`; but not `~/bin` all of `~`, nor `/app/bin` all of `/app` where that holds the home. */
function prefixOf(entry: string, home: string): string {
  const parent = dirname(entry);
  const isOwn = BIN.has(basename(entry)) && !isWithin(home, parent) && !['.local', '.cargo'].includes(basename(parent));
  return isOwn ? parent : entry;
}

/** A virtual environment of Python is links to the Python it was made from. */
export function withPythons(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const home = /^home *= *(.+)$/m.exec(readText(join(folder, 'pyvenv.cfg')))?.[1]?.trim();
    return home === undefined ? [folder] : [folder, dirname(home)];
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The folder whose packages a package can see. */
export function packagesAround(dir: string): string {
  const at = dir.indexOf('/node_modules/');
  return at === -1 ? dir : dir.slice(0, at + '/node_modules'.length);
}

/** Those that lie in one of the folders, with where their links lead; outer ones before inner ones, and none twice. */
export function within(paths: readonly string[], folders: readonly string[]): string[] {
  const all = paths.filter((path) => existsSync(path)).flatMap((path) => [path, realpathSync(path)]);
  const found = all.filter((path) => folders.some((folder) => isWithin(path, folder)));
  const outer = [...new Set(found)].sort();
  return outer.filter((path) => !outer.some((other) => other !== path && isWithin(path, other)));
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
