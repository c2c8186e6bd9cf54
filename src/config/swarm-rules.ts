import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, textAt, type Located } from './located.ts';
import type { Config, SwarmConfig } from './types.ts';

/** What holds where a config says nothing of a swarm. */
const DEFAULTS: SwarmConfig = { confirm: { trials: 2, owners: 1 }, guests: 'claim', islands: 1, reserve: '30m' };

export function swarmOf({ swarm }: Config): SwarmConfig {
  return { ...DEFAULTS, ...swarm };
}

/** A remote has an address or a name, and no password: the config goes into the record. */
export function checkRemote(root: Located, diagnostics: Diagnostics): void {
  const remote = find(root, ['remote']);
  if (remote?.type !== 'map') return;
  const spot = (...path: string[]) => ({ origin: nearest(root, path).origin, target: 'value' as const });
  const url = textAt(root, ['remote', 'url']);
  if ((url === undefined) === (textAt(root, ['remote', 'name']) === undefined)) {
    diagnostics.add(
      'CONFIG_INVALID',
      spot('remote'),
      'remote: needs either `url` or `name`',
      'url: the address; name: a remote of this repository, such as origin.',
    );
  }
  if (url !== undefined && /^\w+:\/\/[^/@\s]*:[^/@\s]*@/.test(url)) {
    const text = 'Take it out: git asks a credential helper, or give a remote a name (git remote add) and say name: instead of url:.';
    diagnostics.add('CONFIG_SECRET', spot('remote', 'url'), 'remote.url: has a password in it, and the config goes into the record', text);
  }
  if (url?.startsWith('-'))
    diagnostics.add('CONFIG_VALUE', spot('remote', 'url'), 'remote.url: is not an address', 'It must not begin with a dash.');
}
