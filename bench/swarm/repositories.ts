/** Real repositories of a synthetic swarm: one that all push to, and that of a node which reads the others. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config/types.ts';
import { openGit } from '../../src/git/git.ts';
import { openRepository } from '../../src/git/repository.ts';
import { signCommit } from '../../src/git/signature/signed-commit.ts';
import { makePrivateKey, readPrivateKey, type NodeKey } from '../../src/git/signature/ssh-key.ts';
import { Ledger, ledgerRef } from '../../src/ledger/ledger.ts';
import type { LedgerRecord } from '../../src/ledger/records.ts';
import { local } from '../../src/swarm/net/layout.ts';
import { nodeKey } from '../../src/swarm/net/node-key.ts';
import { readOpening, writeOpening, type Opening } from '../../src/swarm/net/opening.ts';
import type { SwarmPlace } from '../../src/swarm/net/place.ts';
import { nodeName, OBJECTIVE, RUN, writeLedger } from './synthetic.ts';

/** The node that reads. */
const SELF = 'reader';
const AT = '2026-01-01T00:00:00.000Z';

export interface Remote {
  readonly dir: string;
  readonly base: string;
  readonly opening: Opening;
  /** Appends experiments to the ledger of a node. */
  grow(node: number, from: number, to: number): Promise<void>;
  /** Packs it as the `gc` does that git starts by itself now and then. */
  pack(): void;
  /** The first entry of a ledger. */
  openedBy(node: string, key: NodeKey): LedgerRecord;
}

export interface Reader {
  readonly place: SwarmPlace;
  append(record: LedgerRecord): Promise<void>;
}

export function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', '-c', 'gc.auto=0', ...args], { cwd, encoding: 'utf8', maxBuffer: 1e9 }); // prettier-ignore
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** A bare repository with an opening that lists so many nodes and the reader, and no ledgers yet. */
export async function makeRemote(dir: string, nodes: number, reader: NodeKey): Promise<Remote> {
  mkdirSync(dir);
  git(dir, 'init', '--quiet', '--bare');
  // Else a push starts `git gc`, which runs for a minute beside what is timed.
  git(dir, 'config', 'gc.auto', '0');
  const tree = git(dir, 'mktree', '--missing').trim() || git(dir, 'hash-object', '-t', 'tree', '/dev/null').trim();
  const base = git(dir, 'commit-tree', '-m', 'start', tree).trim();
  git(dir, 'update-ref', 'refs/heads/main', base);
  const keys = Array.from({ length: nodes }, newKey);
  const listed = [...keys.map((key, node) => [nodeName(node), key] as const), [SELF, reader] as const];
  const config = { noise: { sigma: 0.24e-3, driftZ: 3 }, gates: [], swarm: { confirm: { trials: 2, owners: 1 } } } as unknown as Config;
  const facts = { v: 1, run: RUN, base, at: AT, by: reader.publicKey, projectPrefix: '', objective: OBJECTIVE, config } as const;
  const file = { v: 1, guests: 'claim', nodes: Object.fromEntries(listed.map(([id, { publicKey }]) => [id, { owner: id, key: publicKey, may: ['propose', 'confirm'] as const }])) } as const; // prettier-ignore
  const objects = openGit(dir);
  const commit = await writeOpening(objects, { facts, program: '', nodes: file }, { key: reader });
  git(dir, 'update-ref', `refs/autoresearch/${RUN}/opening`, commit);
  const opening = await readOpening(objects, commit);
  const machine = { engine: '0', node: '0', host: 'h', platform: 'p', projectPrefix: '', plugins: [] };
  const openedBy = (node: string, { publicKey: key }: NodeKey): LedgerRecord => ({ v: 1, kind: 'opened', run: RUN, base, at: AT, ...machine, config, objective: OBJECTIVE, swarm: { node, owner: node, key, opening: opening.id } }); // prettier-ignore
  return {
    dir,
    base,
    opening,
    openedBy,
    pack: () => void git(dir, 'gc', '--quiet'),
    async grow(node, from, to) {
      const key = keys[node] ?? newKey();
      await writeLedger(dir, { node, nodes: Math.max(2, nodes), from, to, base, key, opened: openedBy(nodeName(node), key) });
    },
  };
}

/** The repository of the reader, which has begun its own ledger. */
export async function makeReader(dir: string): Promise<{ readonly key: NodeKey; readonly join: (remote: Remote) => Promise<Reader> }> {
  mkdirSync(dir);
  git(dir, 'init', '--quiet', '-b', 'main');
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'a place');
  const repository = await openRepository(dir);
  const key = nodeKey(join(repository.stateDir, RUN));
  return {
    key,
    async join(remote) {
      git(dir, 'fetch', '--quiet', `file://${remote.dir}`, `refs/autoresearch/${RUN}/opening:${local.opening(RUN)}`);
      const place: SwarmPlace = { repository, run: RUN, remote: `file://${remote.dir}`, namespace: 'refs', self: SELF, owner: SELF, key };
      const append = async (record: LedgerRecord) => {
        const tip = git(dir, 'for-each-ref', '--format=%(objectname)', ledgerRef(RUN)).trim();
        const ledger = new Ledger(repository.git, RUN, OBJECTIVE, tip === '' ? null : tip, { sign: (text, hash) => signCommit(text, key, hash) }); // prettier-ignore
        await ledger.append(record);
        ledger.close();
      };
      await append(remote.openedBy(SELF, key));
      return { place, append };
    },
  };
}

function newKey(): NodeKey {
  const key = readPrivateKey(makePrivateKey('bench'));
  if (key === null) throw new Error('a key that was just made cannot be read');
  return key;
}
