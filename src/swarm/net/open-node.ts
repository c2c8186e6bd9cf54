/** Makes a node of a run whose config names a remote. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { swarmOf } from '../../config/swarm-rules.ts';
import type { RemoteConfig } from '../../config/types.ts';
import { parseDuration } from '../../duration.ts';
import type { JoinInput, Others } from '../../engine/others.ts';
import { AutoresearchError, messageOf } from '../../errors.ts';
import { readIdentity } from '../../git/identity.ts';
import { listRefs, swapRef } from '../../git/remote/refs.ts';
import type { NodeFacts } from '../../ledger/swarm-records.ts';
import { keyFileOf } from '../../ledger/wal.ts';
import { cacheFileOf, SwarmCache } from '../cache.ts';
import { layoutOf, local, openedRuns, ROOTS, type Namespace } from './layout.ts';
import { nameFor, nodeKey } from './node-key.ts';
import { parseNodes, type NodesFile } from './nodes-file.ts';
import { readOpening, writeOpening, type Opening } from './opening.ts';
import { remoteOf, type SwarmPlace } from './place.ts';
import { ownTip } from './publish.ts';
import { factsIn } from './facts.ts';
import { SwarmNode } from './swarm-node.ts';

/** How long the start of a run waits for a remote that says nothing. */
const START_QUIET_MS = 20_000;

/**
 * Opens the run for others, or takes part in one that `join` has brought here. Without its remote it begins all the same.
 * @throws AutoresearchError SWARM_KEY_INVALID, SWARM_NODES_INVALID, SWARM_OPENING_INVALID, SWARM_EXISTS
 */
export async function openNode(input: JoinInput): Promise<Others | null> {
  const { config, repository, run, runDir, log } = input;
  if (config.remote === undefined) return null;
  const key = nodeKey(runDir);
  const tip = await ownTip({ repository, run });
  const before = tip === null ? null : await factsIn(repository.git, tip);
  const self = before?.node ?? config.remote.node ?? nameFor(key);
  const owner = before?.owner ?? config.remote.owner ?? (await readIdentity(repository.git))?.email ?? self;
  const opening = (await openingHere(input)) ?? (await open(input, { self, owner, key: key.publicKey }, key));
  const remote = remoteIn(config.remote, repository.projectDir);
  const place: SwarmPlace = { repository, run, remote, self, owner, key, namespace: 'refs' };
  const facts: NodeFacts = { node: self, owner, key: key.publicKey, opening: opening.id, ...focusOf(config.remote) };
  const { confirm, islands, reserve } = swarmOf(opening.facts.config);
  log.info(`node ${self} of ${owner} in the swarm ${run} at ${config.remote.name ?? config.remote.url}`);
  return SwarmNode.open({
    place: { ...place, namespace: await namespaceOf(place, config.remote, opening, log.warn) },
    opening,
    facts,
    trials: confirm.trials,
    islands,
    everyMs: parseDuration(config.remote.every),
    reserveMs: parseDuration(reserve),
    log,
    cache: new SwarmCache(cacheFileOf(runDir), keyFileOf(runDir)),
  });
}

function focusOf({ focus }: RemoteConfig): { readonly focus?: string } {
  return focus === undefined ? {} : { focus };
}

/** A remote's name, its address, or the path of a folder from the project's folder. */
export function remoteIn({ name, url = '' }: Pick<RemoteConfig, 'name' | 'url'>, projectDir: string): string {
  if (name !== undefined) return name;
  return !isAbsolute(url) && !/^\w+:\/\/|^[\w.-]+@?[\w.-]*:/.test(url) && existsSync(resolve(projectDir, url))
    ? resolve(projectDir, url)
    : url;
}

export async function openingHere({ repository: { git }, run }: Pick<JoinInput, 'repository' | 'run'>): Promise<Opening | null> {
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', local.opening(run)], { accept: [1, 128] });
  return code === 0 ? readOpening(git, out.trim()) : null;
}

async function open(
  { config, repository, run, base, objective }: JoinInput,
  self: { readonly self: string; readonly owner: string; readonly key: string },
  key: SwarmPlace['key'],
): Promise<Opening> {
  const { remote: _own, ...shared } = config;
  const program = config.program === undefined ? '' : readFileSync(join(repository.projectDir, config.program), 'utf8');
  const facts = {
    v: 1,
    run,
    base,
    at: new Date().toISOString(),
    by: key.publicKey,
    projectPrefix: repository.prefix,
    objective,
    config: shared,
  } as const;
  const listed = listedNodes(config, repository.projectDir);
  const isThere = Object.values(listed.nodes).some((node) => node.key === self.key);
  const me = { owner: self.owner, key: self.key, may: ['propose', 'confirm'] } as const;
  const nodes: NodesFile = isThere ? listed : { ...listed, nodes: { [self.self]: me, ...listed.nodes } };
  const commit = await writeOpening(repository.git, { facts, program, nodes }, { key });
  await repository.git.run(['update-ref', local.opening(run), commit, '']);
  return readOpening(repository.git, commit);
}

function listedNodes(config: JoinInput['config'], projectDir: string): NodesFile {
  const { nodes: file, guests } = swarmOf(config);
  if (file === undefined) return { v: 1, guests, nodes: {} };
  try {
    return parseNodes(readFileSync(join(projectDir, file), 'utf8'), file);
  } catch (error) {
    if (error instanceof AutoresearchError) throw error;
    throw new AutoresearchError('SWARM_NODES_INVALID', `${file} cannot be read: ${messageOf(error)}`, {
      hint: 'swarm.nodes names it, relative to the project',
    });
  }
}

/** Where the run is at the remote; where it is not there yet, it is put where the host takes it. */
export async function namespaceOf(
  place: SwarmPlace,
  { namespace }: Pick<RemoteConfig, 'namespace'>,
  opening: Opening,
  warn: (text: string) => void,
): Promise<Namespace> {
  if (namespace !== 'auto') return namespace;
  const remote = remoteOf(place, { quietMs: START_QUIET_MS });
  try {
    const found = openedRuns(await listRefs(remote, ROOTS)).find(({ run }) => run === place.run);
    if (found !== undefined) return found.namespace;
    await swapRef(remote, layoutOf(place.run, 'refs').opening, null, opening.tip);
    return 'refs';
  } catch (error) {
    if (error instanceof AutoresearchError && error.code === 'REMOTE_REFUSED') return 'heads';
    warn(`${messageOf(error)}; the run goes on, and meets the others once the remote answers`);
    return 'refs';
  }
}
