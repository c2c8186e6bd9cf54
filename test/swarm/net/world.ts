/** A swarm without its loops: repositories, keys and ledgers, all real, over a bare repository. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from '../../../src/config/types.ts';
import type { SettledExperiment, Verdict } from '../../../src/experiment.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { signCommit } from '../../../src/git/signature/signed-commit.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import type { LedgerRecord } from '../../../src/ledger/records.ts';
import { local } from '../../../src/swarm/net/layout.ts';
import { nodeKey } from '../../../src/swarm/net/node-key.ts';
import type { NodesFile } from '../../../src/swarm/net/nodes-file.ts';
import { readOpening, writeOpening, type Opening } from '../../../src/swarm/net/opening.ts';
import type { SwarmPlace } from '../../../src/swarm/net/place.ts';
import { readUnion } from '../../../src/swarm/net/read-union.ts';
import { syncOnce, type SyncResult } from '../../../src/swarm/net/sync.ts';
import { overviewOf, type SwarmOverview } from '../../../src/swarm/overview.ts';
import { viewOf } from '../../../src/swarm/state.ts';
import { makeFolder, makeRepo, openTestRepo, type TestRepo } from '../../helpers/repo.ts';

export const RUN = 'night';
export const OBJECTIVE = { label: 'loss', direction: 'minimize' } as const;

export interface TestNode {
  readonly repo: TestRepo;
  readonly place: SwarmPlace;
  opening: Opening;
  /** Writes experiments into its ledger; gives the last entry. */
  write(...records: readonly Partial<SettledExperiment>[]): Promise<string>;
  append(record: LedgerRecord, options?: { readonly isUnsigned?: boolean }): Promise<string>;
  sync(): Promise<SyncResult>;
  see(): Promise<SwarmOverview>;
}

export interface World {
  readonly bare: TestRepo;
  readonly base: string;
  readonly opener: TestNode;
  add(id: string, owner: string, options?: { readonly facts?: object }): Promise<TestNode>;
}

/** A swarm that one node has opened, with these listed besides it. */
export async function makeWorld(guests: NodesFile['guests'] = 'confirm', namespace: SwarmPlace['namespace'] = 'refs'): Promise<World> {
  const bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  const repo = makeRepo({ 'a.txt': 'start\n' });
  const base = repo.git('rev-parse', 'HEAD').trim();
  const place = await placeOf(repo, bare, { self: 'a1', owner: 'ada', namespace });
  const { git } = place.repository;
  const config = { noise: { driftZ: 3, sigma: 0.01 }, gates: [] } as unknown as Config;
  const at = new Date().toISOString();
  const facts = { v: 1, run: RUN, base, at, by: place.key.publicKey, projectPrefix: '', objective: OBJECTIVE, config } as const;
  const nodes: NodesFile = { v: 1, guests, nodes: { a1: { owner: 'ada', key: place.key.publicKey, may: ['propose', 'confirm'] } } };
  const commit = await writeOpening(git, { facts, program: 'go', nodes }, { key: place.key });
  await git.run(['update-ref', local.opening(RUN), commit]);
  const opening = await readOpening(git, commit);
  const opener = await makeNode(repo, place, opening);
  await opener.sync();
  return {
    bare,
    base,
    opener,
    async add(id, owner, { facts: more = {} } = {}) {
      const dir = makeFolder();
      execFileSync('git', ['init', '-q', '-b', 'main', dir]);
      const other = openTestRepo(dir);
      const there = namespace === 'refs' ? `refs/autoresearch/${RUN}/opening` : `refs/heads/autoresearch-swarm/${RUN}/opening`;
      other.git('fetch', '-q', bare.dir, `${there}:${local.opening(RUN)}`);
      other.git('checkout', '-q', '--detach', base);
      return makeNode(other, await placeOf(other, bare, { self: id, owner, namespace }), opening, more);
    },
  };
}

async function placeOf(
  repo: TestRepo,
  bare: TestRepo,
  { self, owner, namespace }: Pick<SwarmPlace, 'self' | 'owner' | 'namespace'>,
): Promise<SwarmPlace> {
  const repository = await openRepository(repo.dir);
  const key = nodeKey(join(repository.stateDir, RUN));
  return { repository, run: RUN, remote: `file://${bare.dir}`, namespace, self, owner, key };
}

async function makeNode(repo: TestRepo, place: SwarmPlace, opening: Opening, more: object = {}): Promise<TestNode> {
  const { repository, self, owner, key } = place;
  const { base, config } = opening.facts;
  const signed = { sign: (text: string, hash: 'sha1' | 'sha256') => signCommit(text, key, hash) };
  let tip: string | null = null;
  let id = 0;
  const append: TestNode['append'] = async (record, { isUnsigned = false } = {}) => {
    const ledger = new Ledger(repository.git, RUN, OBJECTIVE, tip, isUnsigned ? {} : signed);
    tip = await ledger.append(record);
    ledger.close();
    return tip;
  };
  const node: TestNode = {
    repo,
    place,
    opening,
    append,
    async write(...records) {
      for (const record of records) await append(experimentOf(id++, base, record));
      return tip ?? '';
    },
    async sync() {
      const result = await syncOnce(place, node.opening);
      node.opening = result.opening;
      return result;
    },
    async see() {
      return overviewOf(viewOf((await readUnion(place, node.opening)).union).state);
    },
  };
  const machine = { engine: '0', node: '0', host: 'h', platform: 'p', projectPrefix: '', plugins: [] };
  const swarm = { node: self, owner, key: key.publicKey, opening: opening.id, ...more };
  await append({ v: 1, kind: 'opened', run: RUN, base, at: '2026-01-01T00:00:00Z', ...machine, config, objective: OBJECTIVE, swarm });
  await node.write({ kind: 'baseline', verdict: 'keep', candidate: base, score: { value: 1, spread: 0.01, n: 3 } });
  return node;
}

export function experimentOf(id: number, base: string, more: Partial<SettledExperiment> = {}): SettledExperiment {
  const verdict: Verdict = more.verdict ?? 'discard';
  return {
    v: 1,
    run: RUN,
    id,
    kind: 'change',
    basis: { incumbent: id === 0 ? null : 0, commit: base },
    startedAt: '2026-01-01T00:00:00.000Z',
    parent: base,
    proposal: { title: `change ${id}`, hypothesis: '', rationale: '', risks: [], agent: 'x', source: 'derived' },
    candidate: null,
    changes: [],
    diff: null,
    trials: [],
    metrics: {},
    score: { value: 1.1, spread: 0.01, n: 3 },
    judgements: [],
    state: 'settled',
    verdict,
    reason: { code: 'X', text: 'x' },
    delta: id === 0 ? null : 0.1,
    incumbent: id === 0 ? null : { id: 0, score: 1 },
    settledAt: '2026-01-01T00:00:01.000Z',
    seconds: 1,
    ...more,
  };
}
