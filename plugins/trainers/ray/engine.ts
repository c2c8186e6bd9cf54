import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { ReasonError, type Log, type RemoteEngine, type RemoteJob, type RemoteState } from '../../../src/plugin.ts';
import { lastLine, type RayClient } from './client.ts';
import { ENTRYPOINT, TOLD, tellJob } from './entrypoint.ts';
import { readJobLog, type JobLog } from './job-log.ts';
import { metadataOf } from './metadata.ts';

export interface EngineOptions {
  readonly leaseSeconds: number;
  readonly folder: string;
  /** The fields of a submission that say which resources it needs. */
  readonly needs: Readonly<Record<string, unknown>>;
  readonly runtimeEnv: Readonly<Record<string, unknown>>;
}

/** What Ray tells of a job. */
interface JobInfo {
  readonly status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  readonly message?: string | null;
  readonly error_type?: string | null;
}

const LOG_TIMEOUT_MS = 10 * 60_000;
const UPLOAD_TIMEOUT_MS = 30 * 60_000;
/** Ray gives the whole log each time, so it is asked for so rarely that this takes at most this share of the time. */
const SHARE_OF_LOGS = 1 / 20;
const STOPPING_MS = 10_000;
/** A job that is removed as soon as it has ended comes back as one that failed: Ray still watches it. */
const SETTLED_MS = 3000;
const RETURNS = 5;
const NOTHING: JobLog = readJobLog('');

/** Jobs of a Ray cluster, over its Jobs API. A handle is the submission id, which is the key. */
export class RayEngine implements RemoteEngine {
  readonly #client: RayClient;
  readonly #options: EngineOptions;
  readonly #log: Log;
  readonly #renewed = new Map<string, number>();
  readonly #toRemove: { readonly key: string; readonly ended: number }[] = [];
  #removed: string[] = [];
  readonly #logs = new Map<string, { readonly log: JobLog; readonly again: number }>();

  constructor(client: RayClient, options: EngineOptions, log: Log) {
    this.#client = client;
    this.#options = options;
    this.#log = log;
  }

  async find(key: string): Promise<string | null> {
    return (await this.#info(key)) === null ? null : key;
  }

  async submit(job: RemoteJob): Promise<string> {
    const { needs, runtimeEnv, leaseSeconds, folder } = this.#options;
    const told = tellJob(job, { leaseSeconds, folder, channel: `gcs://${channelOf(job.key)}` });
    await this.#renew(job.key);
    const submission = {
      submission_id: job.key,
      entrypoint: ENTRYPOINT,
      metadata: metadataOf(job),
      runtime_env: {
        ...runtimeEnv,
        working_dir: `gcs://${await this.#upload(job)}`,
        env_vars: { ...(runtimeEnv['env_vars'] as Record<string, string> | undefined), [TOLD]: told },
      },
      ...needs,
    };
    const { status, text } = await this.#client.ask('POST', 'api/jobs/', { json: submission });
    // A second submission of the same key gets a stack trace that ends so.
    if (status === 200 || text.includes('already exists')) return job.key;
    if (status === 400) throw new ReasonError('RAY_REFUSED', `Ray does not take the job: ${lastLine(text)}`);
    throw new Error(`Ray answered ${status} to a new job: ${lastLine(text)}`);
  }

  async poll(key: string): Promise<RemoteState> {
    const info = await this.#info(key);
    if (info === null) return { state: 'lost', mayRun: true, detail: 'Ray does not know it any more, as after a restart of its head' };
    const { status, message } = info;
    if (status === 'PENDING' || status === 'RUNNING') await this.#renewInTime(key);
    if (status === 'PENDING') return { state: 'pending', ...(message && { detail: message }) };
    if (status === 'RUNNING') return { state: 'running', logSize: await this.#sizeOfLog(key) };
    const isLost = info.error_type === 'JOB_SUPERVISOR_ACTOR_DIED';
    // The log may be gone with the machine, or be complete.
    const { output, end, lost, note } = await this.#logOf(key, true).catch((error: unknown) => {
      if (isLost) return NOTHING;
      throw error;
    });
    if (end?.key === key) {
      if (note !== null) this.#log.warn(note);
      return { state: 'ended', logSize: output.length, end };
    }
    if (isLost)
      return { state: 'lost', mayRun: true, detail: `Ray lost its machine or the process that watched it: ${firstLine(message)}` };
    if (status === 'STOPPED') return { state: 'lost', detail: 'it was stopped by somebody else' };
    if (status === 'SUCCEEDED') return { state: 'lost', detail: 'the end of its log is missing, and so are its results' };
    if (lost !== null) return { state: 'lost', detail: lost };
    return { state: 'lost', mayRun: true, detail: lastLine(message ?? 'Ray says that it failed') };
  }

  async log(key: string, offset: number): Promise<Uint8Array> {
    const { output } = this.#logs.get(key)?.log ?? (await this.#logOf(key, true));
    return output.subarray(offset, offset + 256 * 1024);
  }

  async results(key: string): Promise<JobLog['files']> {
    return (await this.#logOf(key, true)).files;
  }

  async cancel(key: string): Promise<void> {
    await this.#client.ask('PUT', `api/packages/gcs/${channelOf(key)}`, { bytes: Buffer.from('cancel') });
    await this.#client.ask('POST', `api/jobs/${key}/stop`);
  }

  async forget(key: string): Promise<void> {
    let info = await this.#info(key);
    if (isOpen(info)) await this.cancel(key);
    for (const began = performance.now(); isOpen(info) && performance.now() - began < STOPPING_MS; info = await this.#info(key)) {
      if (info?.status === 'PENDING' && performance.now() - began > STOPPING_MS / 4) break;
      await sleep(100);
    }
    // Ray cannot remove a job that waits for resources; the cancel above ends it should it ever start.
    if (info?.status === 'PENDING') this.#log.debug(`Ray keeps job ${key} in its list, though it was told to stop`);
    else if (info !== null) this.#toRemove.push({ key, ended: performance.now() });
    await this.#removeFromList();
    // Ray deletes an unused package some minutes after it was last read.
    await this.#client.ask('GET', `api/packages/gcs/${channelOf(key)}`);
    this.#renewed.delete(key);
    this.#logs.delete(key);
  }

  /** Deletes ended jobs from Ray's list, including those that ended just now. */
  async close(): Promise<void> {
    const last = this.#toRemove.at(-1);
    if (last !== undefined) await sleep(Math.max(0, last.ended + SETTLED_MS - performance.now()));
    await this.#removeFromList().catch(() => {});
    for (let tried = 0; tried < RETURNS && (await this.#haveReturned().catch(() => false)); tried++);
  }

  /** Where its head is busy, Ray may watch a job for longer than that. */
  async #haveReturned(): Promise<boolean> {
    if (this.#removed.length > 0) await sleep(SETTLED_MS / 3);
    const found = await Promise.all(this.#removed.map(async (key) => ((await this.#info(key)) === null ? [] : [key])));
    this.#removed = found.flat();
    for (const key of this.#removed) await this.#client.ask('DELETE', `api/jobs/${key}`);
    return this.#removed.length > 0;
  }

  async #removeFromList(): Promise<void> {
    for (let first = this.#toRemove[0]; first && performance.now() - first.ended >= SETTLED_MS; first = this.#toRemove[0]) {
      this.#toRemove.shift();
      // Those of long ago do not come back.
      this.#removed = [...this.#removed.slice(-15), first.key];
      await this.#client.ask('DELETE', `api/jobs/${first.key}`);
    }
  }

  async #info(key: string): Promise<JobInfo | null> {
    const { status, text } = await this.#client.ask('GET', `api/jobs/${key}`);
    if (status === 404 && text.includes(key)) return null;
    if (status !== 200) throw new Error(`Ray answered ${status} to a question about a job: ${lastLine(text)}`);
    return JSON.parse(text) as JobInfo;
  }

  /** Uploads a commit's files, unless Ray still has them. */
  async #upload({ folder }: RemoteJob): Promise<string> {
    const tree = readFileSync(join(folder, 'tree'), 'utf8').trim();
    const name = `_ray_pkg_autoresearch_${tree}.zip`;
    const path = `api/packages/gcs/${name}`;
    if ((await this.#client.ask('GET', path)).status === 200) return name;
    // A git pack is already compressed.
    const bytes = zipSync({ 'source.pack': readFileSync(join(folder, 'source.pack')) }, { level: 0 });
    const { status, text } = await this.#client.ask('PUT', path, { bytes, timeoutMs: UPLOAD_TIMEOUT_MS });
    if (status === 200) return name;
    if (text.includes('exceeds the maximum size')) throw new ReasonError('RAY_REFUSED', lastLine(text));
    throw new Error(`Ray answered ${status} to the candidate's files: ${lastLine(text)}`);
  }

  async #renewInTime(key: string): Promise<void> {
    const last = this.#renewed.get(key) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last > (this.#options.leaseSeconds * 1000) / 4) await this.#renew(key);
  }

  async #renew(key: string): Promise<void> {
    const { status, text } = await this.#client.ask('PUT', `api/packages/gcs/${channelOf(key)}`, {
      bytes: Buffer.from(String(Date.now())),
    });
    if (status !== 200) throw new Error(`Ray answered ${status} to a lease: ${lastLine(text)}`);
    this.#renewed.set(key, performance.now());
  }

  /** The log's size; while the agent of a machine is still starting, its logs cannot be read. */
  async #sizeOfLog(key: string): Promise<number> {
    try {
      return (await this.#logOf(key, false)).output.length;
    } catch {
      return this.#logs.get(key)?.log.output.length ?? 0;
    }
  }

  async #logOf(key: string, isEnded: boolean): Promise<JobLog> {
    const known = this.#logs.get(key);
    if (known !== undefined && (isEnded ? known.log.end !== null : performance.now() < known.again)) return known.log;
    const began = performance.now();
    const { logs } = await this.#client.json<{ logs: string }>('GET', `api/jobs/${key}/logs`, { timeoutMs: LOG_TIMEOUT_MS });
    const log = logs ? readJobLog(logs) : (known?.log ?? NOTHING);
    const now = performance.now();
    this.#logs.set(key, { log, again: now + (now - began) / SHARE_OF_LOGS });
    return log;
  }
}

const firstLine = (text: string | null | undefined) => (text ?? '').trim().split('\n')[0] ?? '';
const isOpen = (info: JobInfo | null) => info?.status === 'PENDING' || info?.status === 'RUNNING';

/** The package under which the lease is kept: Ray's store takes only names of packages, but any content. */
const channelOf = (key: string) => `_ray_pkg_autoresearch_lease_${key}.zip`;
