import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ray from '../../plugins/trainers/ray/index.ts';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import type { TrialOutcome, TrialRequest } from '../../src/plugin.ts';
import { makeContext, makeTrialRequest } from '../../src/testing.ts';
import type { Cluster } from './cluster.ts';

export interface TrialEnd {
  readonly outcome: TrialOutcome;
  readonly log: string;
  readonly warnings: readonly string[];
  /** The files that were brought back. */
  readonly back: ReadonlyMap<string, Buffer>;
}

interface Wanted {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly request?: Partial<TrialRequest>;
  /** The files of the candidate, besides train.sh. */
  readonly files?: Readonly<Record<string, string>>;
}

let seed = 0;

/** One trial of a script on a cluster, without the engine. */
export async function trial(cluster: Cluster, script: string, { options, request, files }: Wanted = {}): Promise<TrialEnd> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-trial-'));
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const context = { ...makeContext({ projectDir: dir }), log: { info: warn, warn, debug: () => {} } };
  const trainer = ray.create({ ...DEFAULTS, ...cluster.options, ...options } as never, context);
  const logFile = join(dir, 'trial.log');
  try {
    const tree = await treeOf(join(dir, 'git'), { 'train.sh': script, ...files });
    const env = { PATH: process.env['PATH'] ?? '', ...request?.env };
    const cwd = join(dir, 'back');
    mkdirSync(cwd);
    const outcome = await trainer.train(makeTrialRequest({ cwd, logFile, tree, seed: seed++, timeoutMs: 60_000, ...request, env }));
    const back = new Map(readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name))]));
    return { outcome, log: await readFile(logFile, 'utf8'), warnings, back };
  } finally {
    await trainer.dispose?.();
    rmSync(dir, { recursive: true, force: true });
  }
}

const DEFAULTS = {
  run: ['sh', 'train.sh'],
  tokenEnv: 'NO_SUCH_VARIABLE',
  numCpus: 1,
  numGpus: 0,
  memoryMb: 0,
  resources: {},
  runtimeEnv: {},
  env: [],
  outputs: [],
  readable: [],
  maxResultsMb: 64,
  sandbox: 'auto',
  network: false,
  leaseSeconds: 20,
  pendingSeconds: 120,
  retries: 0,
};

async function treeOf(dir: string, files: Readonly<Record<string, string>>) {
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const git = openGit(dir);
  await git.run(['init', '-q']);
  await git.run(['add', '-A']);
  return treeAt(git, (await git.run(['write-tree'])).trim(), '');
}
