/**
 * Stands for the API server of Kubernetes and one node, on 127.0.0.1: jobs, their pods, logs and claims, as far as the example
 * asks for them. What a pod runs it runs as a process of this machine, with the paths of its volume mounts led to a folder.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakePod, type PodSpec } from './fake-pod.ts';

export interface Job {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>>; deletionTimestamp?: string };
  readonly spec: {
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly ttlSecondsAfterFinished: number;
    readonly template: { readonly spec: PodSpec };
  };
  status?: object;
}

/** What becomes of the pod of a job. */
export type Fate = 'runs' | 'unschedulable' | 'evicted' | 'preempted' | 'out-of-memory' | 'deleted' | 'bad-image';

/** An answer that is an error: what Kubernetes calls a Status. */
interface Refusal {
  readonly code: number;
  readonly message: string;
}

export class FakeKubernetes {
  /** Taken one after another by the jobs that are made; the rest runs. */
  readonly fates: Fate[] = [];
  readonly created: Job[] = [];
  readonly deleted: { readonly name: string; readonly propagationPolicy: string }[] = [];
  /** The next job is made, but the connection is cut before the answer. */
  cutsNext = false;
  refusal: Refusal | null = null;
  readonly #jobs = new Map<string, { readonly job: Job; readonly pod: FakePod }>();
  /** The root of its only claim, `trials`. */
  volume: string;
  readonly #server = createServer((request, response) => {
    const made = this.created.length;
    void this.#answer(request).then((body) => {
      if (this.cutsNext && this.created.length > made) {
        this.cutsNext = false;
        return request.socket.destroy();
      }
      if (typeof body === 'string') return response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
      const code = 'code' in body ? (body as Refusal).code : 200;
      return response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  constructor(volume: string) {
    this.volume = volume;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const { pod } of this.#jobs.values()) pod.kill();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get names(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  async #answer(request: IncomingMessage): Promise<object | string> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, kind, name = '', sub] =
      /^\/(?:api\/v1|apis\/batch\/v1)\/namespaces\/ada\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const text = await textOf(request);
    const what = `${request.method} ${kind}${sub === undefined ? '' : `/${sub}`}`;
    if (this.refusal !== null && what === 'POST jobs') return status(this.refusal);
    switch (what) {
      case 'POST jobs':
        return this.#create(JSON.parse(text) as Job, url.searchParams.get('dryRun') === 'All');
      case 'GET jobs':
        return this.#jobs.get(name)?.job ?? status({ code: 404, message: `jobs.batch "${name}" not found` });
      case 'DELETE jobs':
        return this.#delete(name, url.searchParams.get('propagationPolicy') ?? '');
      case 'GET pods': {
        const key = /^autoresearch\/key=(.+)$/.exec(url.searchParams.get('labelSelector') ?? '')?.[1] ?? '';
        const pod = this.#jobs.get(key)?.pod.describe();
        return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pod === undefined || pod === null ? [] : [pod] };
      }
      case 'GET pods/log':
        return `${name} said this\n`;
      case 'GET persistentvolumeclaims':
        return name === 'trials'
          ? { kind: 'PersistentVolumeClaim', metadata: { name } }
          : status({ code: 404, message: `${name} not found` });
      default:
        return status({ code: 404, message: `no such path: ${what} ${url.pathname}` });
    }
  }

  #create(job: Job, isDryRun: boolean): object {
    const { name } = job.metadata;
    if (this.#jobs.has(name)) return status({ code: 409, message: `jobs.batch "${name}" already exists` });
    if (isDryRun) return job;
    this.created.push(job);
    const pod = new FakePod(job, { fate: this.fates.shift() ?? 'runs', volume: this.volume });
    this.#jobs.set(name, { job, pod });
    pod.start(() => this.#jobs.delete(name));
    return job;
  }

  #delete(name: string, propagationPolicy: string): object {
    const found = this.#jobs.get(name);
    if (found === undefined) return status({ code: 404, message: `jobs.batch "${name}" not found` });
    this.deleted.push({ name, propagationPolicy });
    const { job, pod } = found;
    const ended = pod.end().then(() => this.#jobs.delete(name));
    if (propagationPolicy === 'Foreground') job.metadata.deletionTimestamp = new Date().toISOString();
    else this.#jobs.delete(name);
    void ended;
    return { kind: 'Status', status: 'Success' };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function status({ code, message }: Refusal): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
}

/** A kubeconfig that leads there, in the namespace ada. The client library takes plain HTTP with that setting only. */
export function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'ada', namespace: 'ada' } }],
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'ada', user: { token: 'of-ada' } }],
  });
}
