import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginContext } from '../contract/context.ts';
import type { RemoteCheck, RemoteEngine, RemoteState, TrialTree } from '../contract/remote.ts';
import { messageOf } from '../errors.ts';
import { openGit } from '../git/git.ts';
import { treeAt } from '../git/pack-tree.ts';
import type { RemoteOptions } from './options.ts';
import { packJob } from './pack-job.ts';

/** A queue may be long: the check does not wait for its end. */
const WAIT_MS = 60_000;
const RUN_S = 60;
/** Worker and engine count whole seconds. */
const CLOCK_S = 2;

interface Place {
  /** For people. */
  readonly name: string;
  readonly engine: RemoteEngine;
  readonly options: RemoteOptions;
  readonly context: PluginContext;
  readonly hidden?: (() => Promise<readonly string[]>) | undefined;
}

type Ended = Extract<RemoteState, { state: 'ended' }>;

/** Runs a trial that does nothing but tell the time: what it took, on what, in which sandbox, and by which clock. */
export async function checkPlace(place: Place): Promise<RemoteCheck> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-check-'));
  try {
    return await tryOut(place, dir);
  } catch (error) {
    return { found: [], warnings: [`${place.name}: no trial could be run: ${messageOf(error)}`] };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function tryOut({ name, engine, ...parts }: Place, dir: string): Promise<RemoteCheck> {
  const key = `check-${randomBytes(8).toString('hex')}`;
  const request = { tree: await emptyTree(dir), env: {}, timeoutMs: RUN_S * 1000 };
  const files = await packJob(dir, request, { ...parts, options: { ...parts.options, run: ['date', '+%s'], outputs: [] } });
  const began = Date.now();
  const handle = await engine.submit({ key, title: 'autoresearch-check', ...files, timeoutSeconds: RUN_S });
  try {
    const seen = await waitFor(engine, handle);
    if (seen.state !== 'ended') return { found: [], warnings: [`${name}: ${textOf(seen)}`] };
    const said = Buffer.from(await engine.log(handle, 0)).toString();
    return tell(name, seen, { began, ended: Date.now(), said });
  } finally {
    await engine.forget(handle).catch(() => {});
  }
}

async function waitFor(engine: RemoteEngine, handle: string): Promise<RemoteState> {
  for (const began = performance.now(); ; await sleep(100)) {
    const seen = await engine.poll(handle);
    if (seen.state === 'ended' || seen.state === 'lost') return seen;
    const limit = seen.state === 'pending' ? WAIT_MS : WAIT_MS + RUN_S * 1000;
    if (performance.now() - began > limit) return seen;
  }
}

function tell(name: string, { end }: Ended, { began, ended, said }: { began: number; ended: number; said: string }): RemoteCheck {
  const layer = end.layer === 'bwrap' ? 'in bwrap' : 'without a sandbox';
  const seconds = ((ended - began) / 1000).toFixed(1);
  const clock = Number(/^\d+$/m.exec(said)?.[0] ?? Number.NaN);
  // Its clock is right if it told a time between the beginning and the end.
  const off = clock < began / 1000 ? clock - began / 1000 : Math.max(0, clock - ended / 1000);
  const failed = end.exitCode !== 0 && `${name}: the trial that does nothing ended with ${end.why ?? `exit code ${end.exitCode}`}`;
  const wrong = Math.abs(off) > CLOCK_S && `${name}: its clock is ${Math.abs(off).toFixed(0)} s ${off < 0 ? 'behind' : 'ahead'}`;
  return {
    found: failed === false ? [`${name}: ${end.hardware}, ${layer}; a trial that does nothing takes ${seconds} s`] : [],
    warnings: [failed, wrong].filter((text) => text !== false),
  };
}

function textOf(seen: RemoteState): string {
  if (seen.state === 'pending') return `a trial waited for ${WAIT_MS / 1000} s and was withdrawn${seen.detail ? `: ${seen.detail}` : ''}`;
  return seen.state === 'lost' ? `a trial that does nothing was lost: ${seen.detail}` : 'a trial that does nothing did not end';
}

async function emptyTree(dir: string): Promise<TrialTree> {
  const git = openGit(dir);
  await git.run(['init', '-q', '--bare', 'git']);
  const bare = openGit(join(dir, 'git'));
  return treeAt(bare, (await bare.run(['mktree'], { input: '' })).trim(), '');
}
