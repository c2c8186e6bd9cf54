import type { PluginContext } from '../contract/context.ts';
import type { RemoteEngine } from '../contract/remote.ts';
import type { Trainer } from '../contract/roles.ts';
import { checkPlace } from './check-place.ts';
import { notedEngine } from './job-notes.ts';
import { Removals } from './removals.ts';
import type { RemoteOptions } from './options.ts';
import { packJob } from './pack-job.ts';
import { trainRemotely } from './train-remotely.ts';

interface Parts {
  readonly options: RemoteOptions;
  readonly context: PluginContext;
  /** Folders of a worker that its sandbox covers, besides the usual ones. */
  readonly hidden?: () => Promise<readonly string[]>;
  /** The engine that trials of a slot go to. */
  readonly engineOf: (slot: string) => RemoteEngine | Promise<RemoteEngine>;
  /** Where an engine has several places: their names, and for each a slot that leads there. `check` tries them all. */
  readonly places?: Readonly<Record<string, string>>;
}

/** A trainer whose trials run where an engine puts them. A trainer that wraps it calls this `dispose` before its own. */
export function createRemoteTrainer(parts: Parts): Trainer & { dispose(): Promise<void> } {
  const { options, context, engineOf, places = { worker: 'default' } } = parts;
  const removals = new Removals();
  return {
    async train(request) {
      const { slot, experiment, jobsDir } = request;
      const engine = await engineOf(slot);
      return trainRemotely(request, {
        engine: jobsDir === undefined ? engine : notedEngine(engine, jobsDir, { slot, experiment }),
        options,
        log: context.log,
        removals,
        pack: (dir) => packJob(dir, request, parts),
      });
    },
    async check() {
      const tried = Object.entries(places).map(async ([name, slot]) => checkPlace({ ...parts, name, engine: await engineOf(slot) }));
      const all = await Promise.all(tried);
      return { found: all.flatMap(({ found }) => found), warnings: all.flatMap(({ warnings }) => warnings) };
    },
    async endJob({ key, slot }) {
      await removals.until(key);
      const engine = await engineOf(slot);
      const handle = await engine.find(key);
      if (handle === null) return false;
      await engine.cancel(handle);
      await engine.forget(handle);
      return true;
    },
    dispose: () => removals.all(),
  };
}
