/** Engines of which one answer is spoilt, as a worker, a shared folder or a line may do. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import { createRemoteTrainer, type AnyDefinition, type PluginContext, type RemoteEngine, type RemoteOptions } from '../../src/plugin.ts';
import { makeFolder, makeRepo } from './repo.ts';

/** A trainer of a definition's options whose jobs go to another engine. */
export function trainerOn<O extends RemoteOptions>(
  definition: AnyDefinition,
  engineOf: (options: O, context: PluginContext) => { readonly engine: RemoteEngine; readonly close?: () => unknown },
): AnyDefinition {
  const create = (options: O, context: PluginContext) => {
    const { engine, close } = engineOf(options, context);
    return { ...createRemoteTrainer({ options, context, engineOf: () => engine }), dispose: () => void close?.() };
  };
  return { ...definition, create } as unknown as AnyDefinition;
}

/** The first result of the first job is cut on the worker's disk, after the worker has listed it. */
export function cutsFirstResult(engine: RemoteEngine, folder: string): RemoteEngine {
  let isCut = false;
  return {
    ...engine,
    async results(key) {
      const files = await engine.results(key);
      if (!isCut) truncateSync(join(folder, readFileSync(join(folder, 'jobs', key), 'utf8').trim(), 'results/1'), 3);
      isCut = true;
      return files;
    },
  };
}

/** The first job runs another commit than the one it was asked for, in which these files are. */
export function mistakesFirstCommit(engine: RemoteEngine, files: Readonly<Record<string, string>>): RemoteEngine {
  let isMistaken = false;
  return {
    ...engine,
    async submit(job) {
      if (isMistaken) return engine.submit(job);
      isMistaken = true;
      const folder = join(makeFolder(), 'job');
      cpSync(job.folder, folder, { recursive: true });
      const other = treeAt(openGit(join(makeRepo(files).dir, '.git')), 'HEAD', '');
      writeFileSync(join(folder, 'tree'), await other.pack(join(folder, 'source.pack')));
      execFileSync('tar', ['-cf', `${folder}.tar`, '-C', folder, '.']);
      return engine.submit({ ...job, folder, archive: async () => `${folder}.tar` });
    },
  };
}

/** While a result comes, the connection breaks: `breaks` is told when it is asked for first. */
export function breaksFirstResult(engine: RemoteEngine, breaks: () => Promise<void>): RemoteEngine {
  let isBroken = false;
  return {
    ...engine,
    results: async (key) =>
      (await engine.results(key)).map((file) => ({
        ...file,
        async read() {
          if (isBroken) return file.read();
          isBroken = true;
          const reading = file.read();
          reading.catch(() => {});
          await breaks();
          return reading;
        },
      })),
  };
}

/** The first job is taken for lost while it works on, and cannot be cancelled; it has ended when the second one brings its result. */
export function losesSightOfFirst(engine: RemoteEngine): RemoteEngine {
  let first: string | null = null;
  let isBack = false;
  return {
    ...engine,
    async submit(job) {
      const handle = await engine.submit(job);
      first ??= handle;
      return handle;
    },
    async poll(handle, waitMs) {
      return handle === first && !isBack ? { state: 'lost', detail: 'out of sight' } : engine.poll(handle, waitMs);
    },
    async cancel(handle) {
      if (handle === first) throw new Error('out of reach');
      return engine.cancel(handle);
    },
    async results(handle) {
      while (first !== null && (await engine.poll(first, 1000)).state !== 'ended');
      isBack = true;
      return engine.results(handle);
    },
  };
}
