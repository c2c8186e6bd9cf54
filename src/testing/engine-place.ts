import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openGit } from '../git/git.ts';
import { treeAt } from '../git/pack-tree.ts';
import type { RemoteEngine, RemoteJob, RemoteOptions, RemoteState, TrialTree } from '../plugin.ts';
import { packJob } from '../remote/pack-job.ts';
import { makeContext, withFolder } from './context.ts';
import { expectThat } from './law.ts';
import { settlesWithin } from './settles.ts';

/** What the kit asks of an engine: those that have options of their own add them. */
export const ENGINE_OPTIONS: RemoteOptions = Object.freeze({
  run: Object.freeze(['true']),
  env: Object.freeze([]),
  outputs: Object.freeze([]),
  maxResultsMb: 64,
  sandbox: 'off',
  network: false,
  readable: Object.freeze([]),
  leaseSeconds: 60,
  pollSeconds: 0.2,
  pendingSeconds: 600,
  retries: 0,
});

export interface OpenEngine {
  readonly engine: RemoteEngine;
  /** Called once the rule has no more use for it. */
  readonly close?: () => unknown;
}

export interface PlaceOfJobs {
  /** A new engine for the same place, as a process that starts anew makes it: it knows nothing of earlier ones. */
  readonly open: (options: RemoteOptions) => OpenEngine | Promise<OpenEngine>;
  /** A folder that jobs can write to and this process reads, where there is one: with it, starts are counted. */
  readonly shared?: string;
  /** The names of all that jobs have at the place now, such as folders and entries of a queue. */
  readonly left?: () => Promise<readonly string[]> | readonly string[];
}

/** What is left may go a moment later. */
const CLEAR_MS = 15_000;

interface Wanted {
  readonly outputs?: readonly string[];
  readonly timeoutMs?: number;
}

/** A place where one rule runs its jobs. */
export class EnginePlace {
  readonly #place: PlaceOfJobs;
  readonly #folder: string;
  readonly #limitMs: number;
  readonly #options: RemoteOptions;
  readonly #closing: (() => unknown)[] = [];
  readonly #handles = new Set<string>();

  private constructor(place: PlaceOfJobs, folder: string, limitMs: number, options: RemoteOptions) {
    this.#place = place;
    this.#folder = folder;
    this.#limitMs = limitMs;
    this.#options = options;
  }

  /** Whatever a rule has submitted is gone at its end, or the rule is broken. */
  static async with(
    place: PlaceOfJobs,
    { limitMs, leaseSeconds = ENGINE_OPTIONS.leaseSeconds }: { readonly limitMs: number; readonly leaseSeconds?: number },
    body: (place: EnginePlace) => Promise<void>,
  ): Promise<void> {
    await withFolder(async (folder) => {
      const before = new Set(await place.left?.());
      const one = new EnginePlace(place, folder, limitMs, { ...ENGINE_OPTIONS, leaseSeconds });
      try {
        await body(one);
      } finally {
        await one.#end();
      }
      const added = async () => [...((await place.left?.()) ?? [])].filter((name) => !before.has(name));
      for (const began = performance.now(); (await added()).length > 0; await sleep(200)) {
        expectThat(performance.now() - began < CLEAR_MS, `these are left: ${(await added()).join(', ')}`);
      }
    });
  }

  /** Of another process. */
  async open(): Promise<RemoteEngine> {
    const { engine, close } = await this.#place.open(this.#options);
    if (close !== undefined) this.#closing.push(close);
    return engine;
  }

  /** Ends the engines that are open, as a process does at its end. */
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
  }

  /** A job with a fresh key, not submitted yet. Its program counts its starts. */
  async job(script: string, { outputs = [], timeoutMs = this.#limitMs * 4 }: Wanted = {}): Promise<RemoteJob & { readonly tree: string }> {
    const key = `law-${randomBytes(12).toString('hex')}`;
    const dir = join(this.#folder, key);
    await mkdir(dir);
    const tree = await emptyTree(dir);
    const counted = this.#place.shared === undefined ? script : `echo x >> '${join(this.#place.shared, key)}'\n${script}`;
    const options = { ...this.#options, outputs, run: ['sh', '-c', counted] };
    const files = await packJob(dir, { tree, env: {}, timeoutMs }, { options, context: makeContext({ projectDir: dir }) });
    const trial = { run: 'laws', experiment: 1, index: 0, attempt: 0 };
    return { key, title: 'autoresearch-laws-1-0', trial, ...files, timeoutSeconds: Math.ceil(timeoutMs / 1000), tree: await tree.id() };
  }

  async submit(engine: RemoteEngine, job: RemoteJob): Promise<string> {
    const handle = await engine.submit(job);
    this.#handles.add(handle);
    return handle;
  }

  /** Null where the place has no folder that both sides see. */
  async starts({ key }: RemoteJob): Promise<number | null> {
    const { shared } = this.#place;
    if (shared === undefined) return null;
    return (await readFile(join(shared, key), 'utf8').catch(() => '')).split('\n').length - 1;
  }

  /** Asks until the job is in one of these states, or over. */
  async until<S extends RemoteState['state']>(engine: RemoteEngine, handle: string, ...states: readonly S[]) {
    for (const began = performance.now(); ; await sleep(100)) {
      const seen = await settlesWithin(this.#limitMs, engine.poll(handle));
      if (states.some((state) => state === seen.state)) return seen as Extract<RemoteState, { state: S }>;
      const isOver = seen.state === 'ended' || seen.state === 'lost';
      const late = performance.now() - began > this.#limitMs;
      expectThat(!isOver && !late, `${JSON.stringify(seen)} in place of ${states.join(' or ')}${late ? ', still' : ''}`);
    }
  }

  async #end(): Promise<void> {
    const engine = await this.open();
    for (const handle of this.#handles) {
      await engine.cancel(handle);
      await engine.forget(handle);
    }
    await this.close();
  }
}

async function emptyTree(dir: string): Promise<TrialTree> {
  const git = openGit(join(dir, 'git'));
  await mkdir(git.cwd);
  await git.run(['init', '-q', '--bare']);
  return treeAt(git, (await git.run(['mktree'], { input: '' })).trim(), '');
}

/** Declares a rule, whose body gets a place that is empty again at its end. */
export type DeclareAt = (
  law: string,
  expected: string,
  body: (place: EnginePlace) => Promise<void>,
  options?: { readonly leaseSeconds?: number },
) => void;
