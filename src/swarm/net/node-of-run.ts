/** The node that a run of this repository is, for commands that look at it or speak with its remote. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AutoresearchError } from '../../errors.ts';
import { openRepository, type Repository } from '../../git/repository.ts';
import { signCommit } from '../../git/signature/signed-commit.ts';
import { holdRun } from '../../ledger/hold.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { findRun } from '../../ledger/find-run.ts';
import { readRun, type RunRecord } from '../../ledger/read.ts';
import type { LeftRecord, NodeFacts, SyncedRecord } from '../../ledger/swarm-records.ts';
import { keyFileOf } from '../../ledger/wal.ts';
import { cacheFileOf, SwarmCache } from '../cache.ts';
import { nodeKey } from './node-key.ts';
import { namespaceOf, openingHere, remoteIn } from './open-node.ts';
import type { Opening } from './opening.ts';
import type { SwarmPlace } from './place.ts';

export interface NodeOfRun {
  readonly repository: Repository;
  readonly record: RunRecord;
  readonly runDir: string;
  readonly opening: Opening;
  readonly facts: NodeFacts;
  /** Without the remote: to read what is here. */
  readonly here: SwarmPlace;
  /** What a session has read of ledgers, to be read only: a session may be adding to it. */
  readonly cache: SwarmCache;
  /** Asks the remote where the swarm's refs are, if the config does not say. */
  place(warn: (text: string) => void): Promise<SwarmPlace>;
}

/** @throws AutoresearchError SWARM_NOT_JOINED where the run is of this machine alone */
export async function nodeOfRun(cwd: string, name: string | undefined): Promise<NodeOfRun> {
  const found = await openRepository(cwd);
  const run = await findRun(found.git, name);
  const record = await readRun(found.git, run);
  const { swarm: facts, config, projectPrefix } = record.opening;
  const repository = await openRepository(join(found.top, projectPrefix));
  const opening = await openingHere({ repository, run });
  const { remote } = config;
  if (facts === undefined || opening === null || remote === undefined) {
    throw new AutoresearchError('SWARM_NOT_JOINED', `${run} is no run that several nodes work on`, {
      hint: 'join one: autoresearch join ADDRESS; or open one: remote: { url: … } in the config of a new run',
    });
  }
  const runDir = join(repository.stateDir, run);
  const place = async (warn: (text: string) => void): Promise<SwarmPlace> => {
    const known = {
      repository,
      run,
      remote: remoteIn(remote, repository.projectDir),
      self: facts.node,
      owner: facts.owner,
      key: nodeKey(runDir),
    };
    const namespace = await namespaceOf({ ...known, namespace: 'refs' }, remote, opening, warn);
    return { ...known, namespace };
  };
  const here: SwarmPlace = { repository, run, remote: '', namespace: 'refs', self: facts.node, owner: facts.owner, key: nodeKey(runDir) };
  const cache = new SwarmCache(cacheFileOf(runDir), keyFileOf(runDir), { isReadOnly: true });
  return { repository, record, runDir, opening, facts, here, cache, place };
}

/** Writes into the ledger of a run that no process works on. @throws AutoresearchError RUN_LOCKED */
export async function appendTo(
  { repository: { git }, record: { run, opening }, runDir }: NodeOfRun,
  entry: SyncedRecord | LeftRecord,
): Promise<void> {
  const lock = await holdRun(join(runDir, 'lock'), randomUUID());
  try {
    const { tip } = await readRun(git, run);
    const key = nodeKey(runDir);
    const ledger = new Ledger(git, run, opening.objective, tip, { sign: (text, hash) => signCommit(text, key, hash) });
    await ledger.append(entry);
    ledger.close();
  } finally {
    lock.release();
  }
}
