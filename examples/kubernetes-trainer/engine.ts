import { setTimeout as sleep } from 'node:timers/promises';
import { ReasonError, shellEngine, type RemoteEngine, type RemoteState } from 'autoresearch/plugin';
import type { Cluster } from './cluster.ts';
import { jobOf } from './job.ts';
import type { KubernetesOptions } from './options.ts';
import { standingOf, type Standing } from './standing.ts';
import type { SharedFolder } from './volume.ts';

/** A worker says every second that it lives; for so long it is believed without a question to Kubernetes. */
const BELIEVED_SECONDS = 10;
/** Clocks of two machines differ, and a node may be slow to write. */
const MARGIN_SECONDS = 60;
/** What a node wrote last may take a moment to be seen here. */
const SETTLE_MS = 5000;
/** A pod that is told to end has its grace, and the list of pods lags behind. */
const ENDING_MS = 20_000;

export interface Parts {
  readonly options: KubernetesOptions;
  readonly cluster: Cluster;
  readonly volume: SharedFolder;
}

/** Jobs are folders of the shared volume that `worker.sh` keeps, which a pod runs. Handles are keys, and names of jobs. */
export function kubernetesEngine({ options, cluster, volume }: Parts): RemoteEngine {
  const folders = shellEngine(volume.worker);
  const overSince = new Map<string, number>();

  /** False while what the worker wrote last may still come. */
  const settled = (key: string): boolean => {
    const since = overSince.get(key) ?? performance.now();
    overSince.set(key, since);
    return performance.now() - since >= SETTLE_MS;
  };

  return {
    ...folders,
    async find(key) {
      const name = await volume.nameOf(key);
      if (name === null) return null;
      // Between the two it was not submitted, or it was withdrawn before it began.
      return volume.hasBegun(name) || (await cluster.job(key)) !== null ? key : null;
    },
    async submit({ key, title, trial, archive, timeoutSeconds }) {
      await volume.worker(['prepare', key], await archive());
      const name = await volume.nameOf(key);
      if (name === null) throw new Error('the job is not in the shared folder');
      if (await cluster.create(jobOf(options, { key, title, trial, name, timeoutSeconds }))) return key;
      if ((await cluster.job(key))?.metadata?.deletionTimestamp !== undefined)
        throw new Error('an earlier job of this name is being deleted');
      return key;
    },
    async poll(key): Promise<RemoteState> {
      const { said, state, silentSeconds } = await folders.look(key);
      if (said === 'ended' || said === 'again' || said === 'unknown' || (said === 'running' && silentSeconds < BELIEVED_SECONDS))
        return state;
      const [job, pods] = await Promise.all([cluster.job(key), cluster.pods(key)]);
      const pod = pods.at(-1);
      const standing = standingOf(job, pod);
      if (standing.at === 'refused') throw new ReasonError('KUBERNETES_REFUSED', standing.detail);
      if (standing.at === 'waiting') return { state: 'pending', detail: standing.detail };
      if (standing.at === 'active') {
        overSince.delete(key);
        if (state.state !== 'lost') return state;
        // A worker that cannot write ends when its lease is over. Kubernetes may not notice for long that a node is gone.
        const isGone = silentSeconds > options.leaseSeconds + MARGIN_SECONDS;
        if (!isGone) return { state: 'pending', detail: `${standing.detail}, and its worker is silent` };
        return { state: 'lost', detail: `${standing.detail}, but its worker has been silent for ${silentSeconds} s` };
      }
      if (!settled(key)) return { state: 'pending' };
      return over(standing, pod?.metadata?.name === undefined ? '' : await cluster.lastLine(pod.metadata.name));
    },
    async cancel(key) {
      await folders.cancel(key);
      await cluster.remove(key, 'Foreground');
    },
    async forget(key) {
      overSince.delete(key);
      const { said } = await folders.look(key);
      const hasEnded = said === 'ended';
      if (!hasEnded && said !== 'unknown') await folders.cancel(key);
      await cluster.remove(key, hasEnded ? 'Background' : 'Foreground');
      // Its folder goes when nothing writes there any more; where that cannot be seen it stays, so that a later run finds it.
      for (const began = performance.now(); !hasEnded && (await cluster.job(key)) !== null; await sleep(200)) {
        if (performance.now() - began > ENDING_MS) throw new Error('its pod does not end');
      }
      await folders.forget(key);
    },
  };
}

/** It is over, and its worker has not said how it ended. */
function over(standing: Standing, said: string): RemoteState {
  if (standing.at === 'out-of-memory') {
    return { state: 'ended', logSize: 0, end: { exitCode: 137, why: null, seconds: 0, layer: '', tree: '', hardware: '' } };
  }
  const { detail } = standing;
  return { state: 'lost', detail: said === '' ? detail : `${detail}: ${said}` };
}
