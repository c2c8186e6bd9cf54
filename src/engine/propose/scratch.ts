import { lstatSync, readdirSync, readlinkSync, rmSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../../folders.ts';
import { isWithin } from '../../sandbox/tool-folders.ts';

/**
 * Makes the folder for an agent's own files. Removes links that lead out of it, pipes and sockets: the engine and the
 * plugins of agents write there from outside the sandbox, and an agent must not choose where these writes go.
 */
export function prepareScratch(dir: string): string {
  makeFolders(dir);
  const clean = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) clean(path);
      else if (leadsOut(path, stat, dir) || !(stat.isFile() || stat.isSymbolicLink())) rmSync(path);
    }
  };
  clean(dir);
  return dir;
}

function leadsOut(path: string, stat: Stats, dir: string): boolean {
  return stat.isSymbolicLink() && !isWithin(resolve(dirname(path), readlinkSync(path)), dir);
}
