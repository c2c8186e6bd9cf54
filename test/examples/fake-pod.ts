import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fate, Job } from './fake-kubernetes.ts';

export interface PodSpec {
  readonly restartPolicy: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly persistentVolumeClaim: { readonly claimName: string } }[];
  readonly containers: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly resources: object;
    readonly volumeMounts: readonly { readonly mountPath: string; readonly subPath: string; readonly readOnly: boolean }[];
  }[];
}

/** The worker needs so long to notice that it is cancelled, and to end what it runs. */
const GRACE_MS = 8000;

/** One pod, whose container is a process here. */
export class FakePod {
  readonly #job: Job;
  readonly #fate: Fate;
  readonly #volume: string;
  readonly #created = new Date().toISOString();
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #exitCode: number | null = null;

  constructor(job: Job, { fate, volume }: { readonly fate: Fate; readonly volume: string }) {
    this.#job = job;
    this.#fate = fate;
    this.#volume = volume;
  }

  start(removeJob: () => void): void {
    if (this.#fate === 'unschedulable' || this.#fate === 'bad-image') return;
    const { spec } = this.#job.spec.template;
    const [shell = '', script = '', ...args] = spec.containers[0]?.command ?? [];
    // A group of its own, as a container that is killed as a whole.
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/tmp' };
    const child = spawn(shell, [mountedAt(spec, script, this.#volume), ...args], { env, detached: true, stdio: 'ignore' });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.#exitCode = code ?? 137;
        resolve();
      });
    });
    if (this.#fate !== 'runs') setTimeout(() => (this.kill(), this.#fate === 'deleted' && removeJob()), 1500);
  }

  /** The kubelet's way: a shell that is the first process of its container does not end at SIGTERM. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#exitCode !== null) return;
    const folder = this.#job.spec.template.spec.containers[0]?.volumeMounts.find(({ subPath }) => subPath.includes('job.'))?.subPath ?? '';
    const group = readNumber(join(this.#volume, folder, 'group'));
    for (const one of [pid, group]) if (one !== null) tryToKill(-one);
  }

  /** As the API has it; null where it is gone. */
  describe(): object | null {
    const { name, labels } = this.#job.metadata;
    return {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: `${name}-x7k2p`, labels, creationTimestamp: this.#created },
      spec: {},
      status: this.#status(),
    };
  }

  #status(): object {
    if (this.#fate === 'unschedulable') {
      const message = '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.';
      return { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
    }
    if (this.#fate === 'bad-image') {
      return {
        phase: 'Pending',
        containerStatuses: [{ state: { waiting: { reason: 'InvalidImageName', message: 'couldn’t parse it' } } }],
      };
    }
    if (this.#exitCode === null) return { phase: 'Running', containerStatuses: [{ state: { running: {} } }] };
    const reason = this.#fate === 'out-of-memory' ? 'OOMKilled' : this.#exitCode === 0 ? 'Completed' : 'Error';
    return {
      phase: this.#exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: this.#exitCode, reason } } }],
      ...(this.#fate === 'evicted' && { reason: 'Evicted', message: 'The node was low on resource: memory.' }),
      ...(this.#fate === 'preempted' && {
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: 'a more important pod' }],
      }),
    };
  }
}

/** Where a path of the pod is on the volume. */
function mountedAt({ containers }: PodSpec, path: string, volume: string): string {
  const mount = containers[0]?.volumeMounts.find(({ mountPath }) => mountPath === path);
  if (mount === undefined) throw new Error(`nothing is mounted at ${path}`);
  return join(volume, mount.subPath);
}

function readNumber(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
