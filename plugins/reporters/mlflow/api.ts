import { send } from '../_delivery/http.ts';
import { Refused } from '../_delivery/service.ts';

interface Server {
  readonly uri: string;
  readonly timeoutMs: number;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

export interface Batch {
  readonly metrics?: readonly Metric[];
  readonly params?: readonly Pair[];
  readonly tags?: readonly Pair[];
}

interface RunInfo {
  readonly run_id: string;
  readonly artifact_uri?: string;
}

/** What the server takes in one call: 1000 things, and of params and of tags 100 each. */
const MAX_METRICS = 800;
const MAX_PAIRS = 100;

/** A login that has expired can be renewed, and a deleted experiment or run restored. */
const AGAIN = [401, 403, 404];

/** The calls of MLflow's REST interface that a reporter needs. */
export class Api {
  readonly #base: string;
  readonly #timeoutMs: number;
  readonly #login: Record<string, string>;

  constructor({ uri, timeoutMs }: Server) {
    const url = new URL(uri);
    this.#login = loginOf(url);
    url.username = '';
    url.password = '';
    this.#base = url.href.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
  }

  /** The id of the experiment of this name, which is made if it is not there. */
  async experiment(name: string, signal: AbortSignal): Promise<string> {
    const found = await this.#findExperiment(name, signal);
    if (found !== null) return found;
    try {
      return (await this.#post<{ experiment_id: string }>('experiments/create', { name }, signal)).experiment_id;
    } catch (error) {
      // Another run was faster.
      if (!(error instanceof Refused) || !error.body.includes('RESOURCE_ALREADY_EXISTS')) throw error;
      const there = await this.#findExperiment(name, signal);
      if (there === null) throw error;
      return there;
    }
  }

  async #findExperiment(name: string, signal: AbortSignal): Promise<string | null> {
    const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    try {
      const { experiment } = await this.#call<{ experiment: { experiment_id: string } }>(path, {
        method: 'GET',
        signal,
        again: [401, 403],
      });
      return experiment.experiment_id;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return null;
      throw error;
    }
  }

  /** The run with this tag, or null. */
  async findRun(experiment: string, tag: Pair, signal: AbortSignal): Promise<RunInfo | null> {
    const body = { experiment_ids: [experiment], filter: `tags.\`${tag.key}\` = '${tag.value}'`, max_results: 1 };
    const { runs = [] } = await this.#post<{ runs?: { info: RunInfo }[] }>('runs/search', body, signal);
    return runs[0]?.info ?? null;
  }

  async createRun(body: object, signal: AbortSignal): Promise<RunInfo> {
    return (await this.#post<{ run: { info: RunInfo } }>('runs/create', body, signal)).run.info;
  }

  async updateRun(body: object, signal: AbortSignal): Promise<void> {
    await this.#post('runs/update', body, signal);
  }

  /** Any number of metrics, params and tags, in as few calls as they fit into. */
  async log(run: string, { metrics = [], params = [], tags = [] }: Batch, signal: AbortSignal): Promise<void> {
    const part = <T>(all: readonly T[], size: number, call: number) => all.slice(call * size, (call + 1) * size);
    const calls = Math.ceil(Math.max(metrics.length / MAX_METRICS, params.length / MAX_PAIRS, tags.length / MAX_PAIRS));
    for (let call = 0; call < calls; call++) {
      const batch: Batch = {
        metrics: part(metrics, MAX_METRICS, call),
        params: part(params, MAX_PAIRS, call),
        tags: part(tags, MAX_PAIRS, call),
      };
      await this.#post('runs/log-batch', { run_id: run, ...batch }, signal);
    }
  }

  /** Stores a file of a run, if the server serves artifacts; where they go to another place, nothing is stored. */
  async store({ artifact_uri: uri = '' }: RunInfo, file: string, text: string, signal: AbortSignal): Promise<void> {
    const [, path] = /^mlflow-artifacts:\/(?:\/[^/]*\/)?(.+)$/.exec(uri) ?? [];
    if (path === undefined) return;
    const url = `${this.#base}/api/2.0/mlflow-artifacts/artifacts/${path}/${file}`;
    const headers = { ...this.#login, 'content-type': 'application/json' };
    await send({ url, method: 'PUT', headers, body: text, timeoutMs: this.#timeoutMs, signal, again: AGAIN });
  }

  #post<T>(path: string, body: object, signal: AbortSignal): Promise<T> {
    return this.#call<T>(path, { method: 'POST', body: JSON.stringify(body), signal, again: AGAIN });
  }

  async #call<T>(path: string, request: { method: 'GET' | 'POST'; body?: string; signal: AbortSignal; again: number[] }): Promise<T> {
    const headers = { ...this.#login, 'content-type': 'application/json' };
    const text = await send({ url: `${this.#base}/api/2.0/mlflow/${path}`, headers, timeoutMs: this.#timeoutMs, ...request });
    return JSON.parse(text) as T;
  }
}

function loginOf(url: URL): Record<string, string> {
  const token = process.env['MLFLOW_TRACKING_TOKEN'];
  const user = process.env['MLFLOW_TRACKING_USERNAME'] ?? decodeURIComponent(url.username);
  const password = process.env['MLFLOW_TRACKING_PASSWORD'] ?? decodeURIComponent(url.password);
  if (user) return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return token ? { authorization: `Bearer ${token}` } : {};
}
