import { resolve } from 'node:path';
import { ApiException, BatchV1Api, CoreV1Api, createConfiguration, KubeConfig, ServerConfiguration } from '@kubernetes/client-node';
import type { RequestContext, ResponseContext, V1Job, V1Pod } from '@kubernetes/client-node';
import { ReasonError } from 'autoresearch/plugin';
import { KEY_LABEL } from './job.ts';
import type { KubernetesOptions } from './options.ts';

const TIMEOUT_MS = 30_000;
const KNOWN_REASONS = 300;

interface Api {
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly namespace: string;
}

/** The calls that are made of the API of a cluster. What it answers with an error, they throw as one with its own words. */
export class Cluster {
  readonly #options: KubernetesOptions;
  readonly #projectDir: string;
  #api: Api | null = null;

  constructor(options: KubernetesOptions, projectDir: string) {
    this.#options = options;
    this.#projectDir = projectDir;
  }

  /** Null where there is none. */
  job(name: string): Promise<V1Job | null> {
    return this.#ask(({ batch, namespace }) => batch.readNamespacedJob({ name, namespace })).catch(unlessMissing);
  }

  /** The pods of a job, the newest last. */
  async pods(key: string): Promise<readonly V1Pod[]> {
    const labelSelector = `${KEY_LABEL}=${key}`;
    const { items } = await this.#ask(({ core, namespace }) => core.listNamespacedPod({ namespace, labelSelector }));
    return items.toSorted((a, b) => createdAt(a) - createdAt(b));
  }

  /**
   * False where one of this name is there already.
   * @throws ReasonError KUBERNETES_REFUSED where the cluster will never take it
   */
  async create(body: V1Job, { dryRun }: { readonly dryRun?: 'All' } = {}): Promise<boolean> {
    try {
      await this.#ask(({ batch, namespace }) => batch.createNamespacedJob({ namespace, body, ...(dryRun && { dryRun }) }));
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 409) return false;
      // A quota has room again when other jobs have ended.
      const isForGood = code === 400 || code === 404 || code === 422 || (code === 403 && !/exceeded quota/.test(messageOf(error)));
      throw isForGood ? new ReasonError('KUBERNETES_REFUSED', messageOf(error)) : error;
    }
  }

  /** With `Foreground` the job stays in the list until its pods have ended. */
  async remove(name: string, propagationPolicy: 'Foreground' | 'Background'): Promise<void> {
    await this.#ask(({ batch, namespace }) => batch.deleteNamespacedJob({ name, namespace, propagationPolicy })).catch(unlessMissing);
  }

  /** The last line that a pod has printed; empty where nobody has it any more. */
  async lastLine(name: string): Promise<string> {
    const log = await this.#ask(({ core, namespace }) => core.readNamespacedPodLog({ name, namespace, tailLines: 1 })).catch(() => '');
    return log.trim().slice(0, KNOWN_REASONS);
  }

  async hasClaim(name: string): Promise<boolean> {
    return (
      (await this.#ask(({ core, namespace }) => core.readNamespacedPersistentVolumeClaim({ name, namespace })).catch(unlessMissing)) !==
      null
    );
  }

  get namespace(): string {
    return this.#connect().namespace;
  }

  async #ask<T>(call: (api: Api) => Promise<T>): Promise<T> {
    try {
      return await call(this.#connect());
    } catch (error) {
      if (!(error instanceof ApiException)) throw new Error(`the API server could not be asked: ${messageOf(error)}`, { cause: error });
      throw new Error(`Kubernetes answered ${error.code}: ${saidIn(error.body)}`, { cause: error });
    }
  }

  #connect(): Api {
    if (this.#api !== null) return this.#api;
    const config = new KubeConfig();
    const { kubeconfig, context, namespace } = this.#options;
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(resolve(this.#projectDir, kubeconfig));
    if (context !== undefined) config.setCurrentContext(context);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error('the kubeconfig has no such context, or its context has no cluster');
    const settings = createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: config },
      promiseMiddleware: [{ pre: withTimeout, post: async (answer: ResponseContext) => answer }],
    });
    this.#api = {
      batch: new BatchV1Api(settings),
      core: new CoreV1Api(settings),
      namespace: namespace ?? config.getContextObject(config.currentContext)?.namespace ?? 'default',
    };
    return this.#api;
  }
}

async function withTimeout(request: RequestContext): Promise<RequestContext> {
  request.setSignal(AbortSignal.timeout(TIMEOUT_MS));
  return request;
}

const createdAt = ({ metadata }: V1Pod) => new Date(metadata?.creationTimestamp ?? 0).getTime();

function codeOf(error: unknown): number | null {
  return error instanceof Error && error.cause instanceof ApiException ? error.cause.code : null;
}

function unlessMissing(error: unknown): null {
  if (codeOf(error) === 404) return null;
  throw error;
}

/** A `Status` has a message; a proxy answers with something else. */
function saidIn(body: unknown): string {
  const parsed = typeof body === 'string' ? parse(body) : body;
  const message = (parsed as { readonly message?: unknown } | null)?.message;
  return (typeof message === 'string' ? message : String(body)).trim().slice(0, KNOWN_REASONS);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** An error of the network has its cause inside. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && !(cause instanceof ApiException) && !error.message.includes(cause.message)
    ? `${error.message}: ${messageOf(cause)}`
    : error.message;
}
