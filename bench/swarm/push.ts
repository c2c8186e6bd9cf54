/** Pushing one entry to a repository that holds many experiments, against pushing one to a repository without any. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syncOnce } from '../../src/swarm/net/sync.ts';
import { ledgerRef } from '../../src/ledger/ledger.ts';
import { git, makeReader, makeRemote } from './repositories.ts';
import { RUN } from './synthetic.ts';
import { median, seconds } from './time.ts';

export interface Pushes {
  /** Seconds: the median of some. */
  readonly full: number;
  readonly empty: number;
}

const ROUNDS = 11;
const NODES = 64;
const FIRST = '2026-01-01T00:00:00.000Z';

/** In turns. */
export async function measurePushes(experiments: number): Promise<Pushes> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-push-'));
  try {
    const [full, empty] = [await pushing(join(dir, 'full'), NODES, experiments), await pushing(join(dir, 'empty'), 0, 0)];
    const times: Pushes[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push({ full: await full(), empty: await empty() });
    return { full: median(times.map((one) => one.full)), empty: median(times.map((one) => one.empty)) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function pushing(path: string, nodes: number, experiments: number): Promise<() => Promise<number>> {
  const { key, join: joinIt } = await makeReader(`${path}-reader`);
  const remote = await makeRemote(`${path}.git`, nodes, key);
  for (let node = 0; node < nodes; node++) await remote.grow(node, 0, Math.floor(experiments / nodes));
  const { place, append } = await joinIt(remote);
  await syncOnce(place, remote.opening);
  return async () => {
    await append({ v: 1, kind: 'left', at: FIRST });
    const spec = `${ledgerRef(RUN)}:refs/autoresearch/${RUN}/nodes/${place.self}`;
    return seconds(() => git(place.repository.top, 'push', '--quiet', '--no-verify', `file://${remote.dir}`, spec));
  };
}
