import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeNetworkNamespace } from '../helpers/network-namespace.ts';
import { forwardPort, type Forward } from '../helpers/forward.ts';
import { RAY } from './installed.ts';

const TOKEN = 'a-token-that-only-this-test-knows';
/** Ray takes 127.0.0.1 for whatever machine it is on, and so another address than the head's on the other one. */
const HEAD = '127.0.0.3';
const GCS = 6399;
const DASHBOARD = 8265;
/** The agent of the head has the usual one, and both are one machine. */
const AGENT = 52366;
const START_MS = 120_000;
const STARTS = 3;

interface ClusterOptions {
  readonly cpus?: number;
  /** It waits five minutes before it gives a silent machine up, in place of some seconds. */
  readonly isPatient?: boolean;
}

/** A real Ray in a network namespace: a head that takes no jobs, and one machine that does. */
export class Cluster {
  readonly dir = mkdtempSync(join(tmpdir(), 'autoresearch-ray-'));
  readonly tokenFile = join(this.dir, 'token');
  /** Where workers keep jobs. */
  readonly folder = join(this.dir, 'jobs');
  readonly #network = makeNetworkNamespace();
  #forward: Forward | null = null;

  readonly #isPatient: boolean;

  private constructor(isPatient: boolean) {
    this.#isPatient = isPatient;
    writeFileSync(this.tokenFile, TOKEN, { mode: 0o600 });
    mkdirSync(this.folder, { mode: 0o700 });
  }

  /** Ray gives its processes 30 s to come up, and fails where a busy machine takes longer: then it is started again, from nothing. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    for (let left = STARTS - 1; ; left--) {
      try {
        return await Cluster.#startOnce(options);
      } catch (error) {
        if (left === 0) throw error;
        console.error('Ray did not start, and is started again:', error);
      }
    }
  }

  static async #startOnce({ cpus = 4, isPatient = false }: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(isPatient);
    try {
      await cluster.startHead();
      await cluster.startWorker(cpus);
      cluster.#forward = await forwardPort(cluster.#network, DASHBOARD, cluster.dir);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get address(): string {
    return `http://127.0.0.1:${this.#forward?.port}`;
  }

  /** The options of the trainer that lead here. */
  get options(): Readonly<Record<string, unknown>> {
    return { address: this.address, tokenFile: this.tokenFile, folder: this.folder, pollSeconds: 0.3 };
  }

  async startHead(): Promise<void> {
    const ports = [`--port=${GCS}`, '--dashboard-host=127.0.0.1', `--dashboard-port=${DASHBOARD}`];
    await this.#ray(
      'start',
      '--head',
      '--num-cpus=0',
      `--node-ip-address=${HEAD}`,
      ...ports,
      `--temp-dir=${join(this.dir, 'ray')}`,
      ...SMALL,
    );
  }

  async startWorker(cpus = 4): Promise<void> {
    await this.#ray(
      'start',
      `--address=${HEAD}:${GCS}`,
      '--node-ip-address=127.0.0.2',
      `--dashboard-agent-listen-port=${AGENT}`,
      `--num-cpus=${cpus}`,
      '--resources={"trial": 8}',
      ...SMALL,
    );
  }

  /** The folder of the session: logs, packages. */
  session(): string {
    const folder = join(this.dir, 'ray');
    return join(
      folder,
      readdirSync(folder)
        .filter((name) => name.startsWith('session_2'))
        .sort()
        .at(-1) ?? '',
    );
  }

  setNetwork(state: 'up' | 'down'): void {
    this.#network.setLink(state);
  }

  /** Asks Ray itself, as the trainer does not. */
  ask(method: string, path: string, json?: unknown): Promise<{ readonly status: number; readonly text: string }> {
    return this.#send(method, path, 'application/json', json === undefined ? undefined : JSON.stringify(json));
  }

  /** Uploads a package. */
  put(path: string, bytes: Uint8Array): Promise<{ readonly status: number; readonly text: string }> {
    return this.#send('PUT', path, 'application/octet-stream', bytes);
  }

  #send(
    method: string,
    path: string,
    type: string,
    body?: string | Uint8Array,
  ): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
      const asked = request(`${this.address}/api/${path}`, { method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  async jobs(): Promise<readonly { readonly submission_id: string; readonly status: string }[]> {
    return JSON.parse((await this.ask('GET', 'jobs/')).text) as { submission_id: string; status: string }[];
  }

  /** The processes of Ray and its jobs whose command line holds a text. */
  pids(text: string): number[] {
    return this.#network.pids().filter((pid) => commandOf(pid).includes(text));
  }

  commandOf(pid: number): string {
    return commandOf(pid);
  }

  /** Kills the processes whose command line holds a text. */
  kill(text: string): void {
    for (const pid of this.pids(text)) this.end(pid);
  }

  end(pid: number): void {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  /** Everything of Ray must have been killed before, the relay too. */
  async restart(): Promise<void> {
    const port = this.#forward?.port;
    this.#forward?.close();
    await this.startHead();
    await this.startWorker();
    this.#forward = await forwardPort(this.#network, DASHBOARD, this.dir, port);
  }

  async stop(): Promise<void> {
    this.#forward?.close();
    await this.#network.remove();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ray(...args: readonly string[]): Promise<void> {
    const [program, ...enter] = this.#network.enter;
    await promisify(execFile)(program, [...enter, RAY, ...args], { env: this.#environment(), cwd: this.dir, timeout: START_MS });
  }

  #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG } = process.env;
    return {
      PATH,
      HOME,
      LANG,
      RAY_AUTH_MODE: 'token',
      RAY_AUTH_TOKEN_PATH: this.tokenFile,
      RAY_USAGE_STATS_ENABLED: '0',
      ...(this.#isPatient ? PATIENT : IMPATIENT),
      RAY_RUNTIME_ENV_TEMPORARY_REFERENCE_EXPIRATION_S: '60',
    };
  }
}

/** Failures are noticed in seconds. */
const IMPATIENT = {
  RAY_health_check_initial_delay_ms: '1000',
  RAY_health_check_period_ms: '1000',
  RAY_health_check_failure_threshold: '3',
};

const PATIENT = { RAY_health_check_failure_threshold: '100' };

const SMALL = ['--object-store-memory=80000000', '--disable-usage-stats'];

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
