import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A path of the config that may lie outside the project: from `~`, absolute, or from the project's folder. */
export function resolvePath(path: string, projectDir: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(projectDir, path);
}
