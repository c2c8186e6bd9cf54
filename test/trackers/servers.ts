import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { COLLECTOR, PYTHON, VENV } from './installed.ts';

/** MLflow's workers for jobs take most of its start, and nothing here has jobs. */
const ENV = { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };

/** A service as a process of its own, that can be ended and started again in its folder, on its port. */
export class Service {
  readonly url: string;
  readonly #argv: readonly [string, ...string[]];
  readonly #readyPath: string;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  constructor(port: number, argv: readonly [string, ...string[]], { folder, readyPath }: { folder: string; readyPath: string }) {
    this.url = `http://127.0.0.1:${port}`;
    this.#argv = argv;
    this.#readyPath = readyPath;
    this.#folder = folder;
  }

  async start(): Promise<this> {
    const [program, ...args] = this.#argv;
    // A group of its own: MLflow starts workers.
    const child = spawn(program, args, { cwd: this.#folder, detached: true, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-4000)));
    this.#child = child;
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
      if (await isThere(this.url + this.#readyPath)) return this;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`${program} does not answer: ${said}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    process.kill(-child.pid, signal);
    await ended;
    this.#child = null;
  }
}

async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts it, and lists it among those to be ended, also where it never answers. */
export async function mlflow(folder: string, started: Service[]): Promise<Service> {
  const port = await freePort();
  const stores = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')];
  const argv = [join(VENV, 'bin/mlflow'), 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...stores] as const;
  return begin(new Service(port, [...argv], { folder, readyPath: '/health' }), started);
}

export async function tensorboard(folder: string, started: Service[], logDir: string): Promise<Service> {
  const port = await freePort();
  const argv = [PYTHON, '-m', 'tensorboard.main', '--logdir', logDir, '--host', '127.0.0.1', '--port', String(port)] as const;
  return begin(new Service(port, [...argv], { folder, readyPath: '/data/environment' }), started);
}

function begin(service: Service, started: Service[]): Promise<Service> {
  started.push(service);
  return service.start();
}

/** What it takes in is a line of JSON each in `received.jsonl`. */
export async function collector(folder: string, started: Service[]): Promise<Service> {
  const port = await freePort();
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { file: { path: join(folder, 'received.jsonl'), append: true, flush_interval: '100ms' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] }, metrics: { receivers: ['otlp'], exporters: ['file'] } },
    },
  };
  writeFileSync(join(folder, 'collector.yaml'), JSON.stringify(config));
  return begin(new Service(port, [COLLECTOR, '--config', `file:${join(folder, 'collector.yaml')}`], { folder, readyPath: '/' }), started);
}

export function collected(folder: string): { spans: CollectedSpan[]; metrics: CollectedMetric[] } {
  const lines = readFileSync(join(folder, 'received.jsonl'), 'utf8').trim().split('\n').filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as Collected);
  return {
    spans: all.flatMap(({ resourceSpans = [] }) => resourceSpans.flatMap((one) => one.scopeSpans.flatMap(({ spans }) => spans))),
    metrics: all.flatMap(({ resourceMetrics = [] }) =>
      resourceMetrics.flatMap((one) => one.scopeMetrics.flatMap(({ metrics }) => metrics)),
    ),
  };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

export interface CollectedMetric {
  readonly name: string;
  readonly gauge: { readonly dataPoints: readonly { readonly timeUnixNano: string; readonly asDouble: number }[] };
}

interface Collected {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[] }[];
  readonly resourceMetrics?: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly CollectedMetric[] }[] }[];
}
