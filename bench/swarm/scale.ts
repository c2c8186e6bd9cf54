/** One swarm of a size: its ledgers in a repository, another that fetches them, and what each step takes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit } from '../../src/git/git.ts';
import { readSummary } from '../../src/ledger/message.ts';
import { SwarmCache } from '../../src/swarm/cache.ts';
import type { NodeChain, NodeEntry, SwarmOpening } from '../../src/swarm/model.ts';
import { overviewOf, swarmRows } from '../../src/swarm/overview.ts';
import { viewOf } from '../../src/swarm/state.ts';
import { SwarmUnion } from '../../src/swarm/union.ts';
import { renderSwarm } from '../../src/views/swarm.ts';
import { nodeName, refOf, RUN, writeLedger } from './synthetic.ts';

export interface Figures {
  readonly nodes: number;
  readonly experiments: number;
  /** Seconds. */
  readonly clone: number;
  readonly read: number;
  readonly fold: number;
  /** Of this process's own processor time, which other programs on the machine do not change. */
  readonly fromCache: number;
  readonly status: number;
  readonly log: number;
  readonly page: number;
  readonly pageBytes: number;
  readonly emptyFetch: number;
  /** Fetching 100 new entries; and all of a sync: fetching, reading, folding and asking for the state. */
  readonly fetch100: number;
  readonly sync100: number;
}

const NEW = 100;
const ROUNDS = 5;
const LAST = 2000;
const REFSPEC = `+refs/autoresearch/${RUN}/nodes/*:refs/autoresearch/${RUN}/nodes/*`;

export async function measureScale(nodes: number, experiments: number): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-swarm-'));
  try {
    return await measureIn(dir, nodes, experiments);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', '-c', 'gc.auto=0', ...args], { cwd, encoding: 'utf8', maxBuffer: 1e9 }); // prettier-ignore
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export async function fill(dir: string, nodes: number, experiments: number): Promise<string> {
  git(dir, 'init', '--quiet', '--bare');
  const tree = git(dir, 'mktree', '--missing').trim() || git(dir, 'hash-object', '-t', 'tree', '/dev/null').trim();
  const base = git(dir, 'commit-tree', '-m', 'start', tree).trim();
  git(dir, 'update-ref', 'refs/heads/main', base);
  const each = Math.floor(experiments / nodes);
  for (let node = 0; node < nodes; node++) await writeLedger(dir, { node, nodes, from: 0, to: each, base });
  return base;
}

async function measureIn(dir: string, nodes: number, experiments: number): Promise<Figures> {
  const [remote, here] = [join(dir, 'remote.git'), join(dir, 'here.git')];
  git(dir, 'init', '--quiet', '--bare', remote);
  const base = await fill(remote, nodes, experiments);
  git(dir, 'init', '--quiet', '--bare', here);
  const fetch = () => git(here, 'fetch', '--quiet', '--no-tags', '--no-auto-maintenance', `file://${remote}`, REFSPEC);
  const clone = seconds(fetch);

  const union = new SwarmUnion(openingOf(nodes, base));
  const cache = new SwarmCache(join(dir, 'cache.jsonl'), join(dir, 'key'));
  const chains: NodeChain[] = [];
  const read = await secondsOf(async () => {
    for (let node = 0; node < nodes; node++) chains.push(await readChain(here, node, null));
  });
  const fold = seconds(() => {
    for (const chain of chains) cache.add(union, chain);
    viewOf(union);
  });
  const fromCache = cpuSeconds(() => {
    const restored = new SwarmUnion(union.opening);
    cache.restore(restored);
    viewOf(restored);
  });
  const view = viewOf(union);
  const status = seconds(() => renderSwarm(overviewOf(view.state), 'val_bpb'));
  const log = seconds(() => JSON.stringify(swarmRows(view.state)));
  let pageBytes = 0;
  const page = seconds(() => {
    pageBytes = JSON.stringify({ ...overviewOf(view.state), rows: swarmRows(view.state, LAST) }).length;
  });

  const empty: number[] = [];
  const fetched: number[] = [];
  const synced: number[] = [];
  let next = Math.floor(experiments / nodes);
  for (let round = 0; round < ROUNDS; round++) {
    empty.push(seconds(fetch));
    const grown = Math.min(nodes, 10);
    for (let node = 0; node < grown; node++) await writeLedger(remote, { node, nodes, from: next, to: next + NEW / grown, base });
    next += NEW / grown;
    const ofFetch = seconds(fetch);
    const ofRest = await secondsOf(async () => {
      const tips = refsHere(here);
      for (let node = 0; node < nodes; node++) {
        const after = union.tips[nodeName(node)] ?? null;
        if (tips.get(refOf(node)) !== after) cache.add(union, await readChain(here, node, after));
      }
      viewOf(union);
    });
    fetched.push(ofFetch);
    synced.push(ofFetch + ofRest);
  }
  cache.close();
  if (union.experiments.length !== nodes * Math.floor(experiments / nodes) + ROUNDS * NEW) throw new Error('experiments are missing');
  const count = union.experiments.length - ROUNDS * NEW;
  return { nodes, experiments: count, clone, read, fold, fromCache, status, log, page, pageBytes, emptyFetch: median(empty), fetch100: median(fetched), sync100: median(synced) }; // prettier-ignore
}

/** Pushing one entry to a repository that holds so many experiments, in seconds: the median of some. */
export async function measurePush(nodes: number, experiments: number): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-push-'));
  try {
    const [remote, here] = [join(dir, 'remote.git'), join(dir, 'here.git')];
    git(dir, 'init', '--quiet', '--bare', remote);
    git(dir, 'init', '--quiet', '--bare', here);
    const base = await fill(remote, Math.max(1, nodes), experiments);
    git(here, 'fetch', '--quiet', `file://${remote}`, '+refs/heads/*:refs/heads/*', REFSPEC);
    const mine = Math.max(1, nodes);
    let next = 0;
    const push = (): number => seconds(() => git(here, 'push', '--quiet', `file://${remote}`, refOf(mine)));
    const times: number[] = [];
    for (let round = 0; round < 2 * ROUNDS; round++) {
      await writeLedger(here, { node: mine, nodes: mine + 1, from: next, to: ++next, base });
      times.push(push());
    }
    return median(times);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function openingOf(nodes: number, base: string): SwarmOpening {
  const listed = Array.from({ length: nodes }, (_, i) => [nodeName(i), { owner: nodeName(i), key: '', may: ['propose', 'confirm'] as const }] as const); // prettier-ignore
  return {
    run: RUN,
    base,
    objective: { label: 'val_bpb', direction: 'minimize' },
    confirm: { trials: 2, owners: 1 },
    sigma: 0.24e-3,
    open: true,
    nodes: Object.fromEntries(listed),
  };
}

async function readChain(dir: string, node: number, after: string | null): Promise<NodeChain> {
  const range = after === null ? refOf(node) : `${after}..${refOf(node)}`;
  const out = await openGit(dir).run(['log', '--first-parent', '--reverse', '-z', '--format=%H %ct%n%B', range, '--']);
  const entries = out
    .split('\0')
    .filter(Boolean)
    .map((text): NodeEntry => {
      const [commit = '', at = ''] = text.slice(0, text.indexOf('\n')).split(' ');
      return { commit, at: Number(at), record: readSummary(text) ?? { kind: 'broken' } };
    });
  return { id: nodeName(node), owner: nodeName(node), after, entries };
}

function refsHere(dir: string): Map<string, string> {
  const out = git(dir, 'for-each-ref', '--format=%(refname) %(objectname)', `refs/autoresearch/${RUN}/nodes/`);
  return new Map(out.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ') as [string, string]])));
}

function seconds(act: () => unknown): number {
  const start = performance.now();
  act();
  return (performance.now() - start) / 1000;
}

function cpuSeconds(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
