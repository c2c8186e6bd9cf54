/** Pushing one entry to a repository that holds many experiments, against pushing one to a repository without any. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushRefs } from '../../src/git/remote/refs.ts';
import { ledgerRef } from '../../src/ledger/ledger.ts';
import { remoteOf } from '../../src/swarm/net/place.ts';
import { ownTip } from '../../src/swarm/net/publish.ts';
import { syncOnce } from '../../src/swarm/net/sync.ts';
import { git, makeReader, makeRemote, type Remote } from './repositories.ts';
import { RUN } from './synthetic.ts';
import { median, seconds, secondsOf } from './time.ts';

/** Seconds, by how it is pushed: as nodes do, and with git alone. */
interface Push {
  readonly node: number;
  readonly bare: number;
}

export interface Pushes {
  readonly full: Push;
  readonly empty: Push;
}

const ROUNDS = 21;
const NODES = 64;
const FIRST = '2026-01-01T00:00:00.000Z';

/** Medians, in turns: with one pack of each node at the remote, and after its `git gc`. */
export async function measurePushes(experiments: number): Promise<{ readonly many: Pushes; readonly packed: Pushes }> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-push-'));
  try {
    const [full, empty] = [await pushing(join(dir, 'full'), NODES, experiments), await pushing(join(dir, 'empty'), 0, 0)];
    const many = await inTurns(full.push, empty.push);
    full.remote.pack();
    return { many, packed: await inTurns(full.push, empty.push) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function inTurns(full: () => Promise<Push>, empty: () => Promise<Push>): Promise<Pushes> {
  const times: Pushes[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push({ full: await full(), empty: await empty() });
  const of = (which: keyof Pushes, how: keyof Push) => median(times.map((one) => one[which][how]));
  return { full: { node: of('full', 'node'), bare: of('full', 'bare') }, empty: { node: of('empty', 'node'), bare: of('empty', 'bare') } };
}

async function pushing(path: string, nodes: number, experiments: number): Promise<{ remote: Remote; push: () => Promise<Push> }> {
  const { key, join: joinIt } = await makeReader(`${path}-reader`);
  const remote = await makeRemote(`${path}.git`, nodes, key);
  for (let node = 0; node < nodes; node++) await remote.grow(node, 0, Math.floor(experiments / nodes));
  const { place, append } = await joinIt(remote);
  await syncOnce(place, remote.opening);
  const ref = `refs/autoresearch/${RUN}/nodes/${place.self}`;
  const push = async (): Promise<Push> => {
    await append({ v: 1, kind: 'left', at: FIRST });
    const tip = (await ownTip(place)) ?? '';
    const node = await secondsOf(() => pushRefs(remoteOf(place, {}), new Map([[ref, tip]])));
    await append({ v: 1, kind: 'left', at: FIRST });
    const bare = seconds(() => git(place.repository.top, 'push', '--quiet', '--no-verify', place.remote, `${ledgerRef(RUN)}:${ref}`));
    return { node, bare };
  };
  return { remote, push };
}
