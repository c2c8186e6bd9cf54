import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Git-ignored; the set-up fills it. */
export const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'examples');
/** Has autoresearch as it is packed, and what comes from the registry, in its node_modules. */
export const TOOLS = join(CACHE, 'tools');

/** The package of this checkout. */
export function autoresearchTarball(): string {
  const name = readdirSync(CACHE).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('the set-up has packed nothing');
  return join(CACHE, name);
}

/** The environment of a person's shell: nothing of the npm script or the test runner around this process. */
export function npmEnv(): Record<string, string> {
  const ours = /^(npm_(lifecycle|package|command|execpath|node_execpath)|NODE_|VITEST|INIT_CWD)/;
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !ours.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), NO_COLOR: '1' };
}
