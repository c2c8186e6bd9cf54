import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callProgram, quote, workerScript, type CallWorker, type PluginContext, type Preflight } from '../../../src/plugin.ts';

/** What ssh needs of the person's environment: keys, agents, and where its settings are. */
const PASSED = ['HOME', 'PATH', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', 'KRB5CCNAME', 'LANG'];

interface HostOptions {
  readonly folder: string;
  readonly ssh: readonly string[];
  readonly connectSeconds: number;
  readonly sandbox: string;
}

/** One machine behind ssh. A connection is kept open while the run works, since opening one takes most of the time of a call. */
export class Host {
  readonly #name: string;
  readonly #options: HostOptions;
  readonly #context: PluginContext;
  readonly #socket: string;
  readonly #end = new AbortController();
  #master: Promise<unknown> | null = null;
  #installed: Promise<void> | null = null;

  constructor(name: string, options: HostOptions, context: PluginContext) {
    this.#name = name;
    this.#options = options;
    this.#context = context;
    // Paths of sockets are at most some hundred bytes long.
    const id = createHash('sha256')
      .update(`${process.pid} ${name} ${options.ssh.join(' ')}`)
      .digest('hex')
      .slice(0, 12);
    this.#socket = join(tmpdir(), `ar-ssh-${id}`);
  }

  readonly call: CallWorker = async (args, input) => {
    this.#connect();
    this.#installed ??= this.#install();
    try {
      await this.#installed;
    } catch (error) {
      this.#installed = null;
      throw error;
    }
    return this.#ssh(['sh', `${this.#options.folder}/worker.sh`, ...args], input);
  };

  async verify(preflight: Preflight): Promise<void> {
    try {
      const found = (await this.#ssh(['command -v git; command -v bwrap; true'])).toString();
      const has = (name: string) => found.split('\n').some((path) => path.endsWith(`/${name}`));
      if (!has('git')) preflight.problem('SSH_NO_GIT', `${this.#name} has no git`, 'install git there');
      if (!has('bwrap') && this.#options.sandbox === 'required') {
        preflight.problem('SANDBOX_UNAVAILABLE', `${this.#name} has no bwrap`, 'install bubblewrap there, or write sandbox: auto');
      } else if (!has('bwrap') && this.#options.sandbox === 'auto') {
        preflight.warning(`${this.#name} has no bwrap, so trials there run without a sandbox`);
      }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      preflight.problem('SSH_UNREACHABLE', `${this.#name}: ${text}`, `see whether this works without a password: ssh ${this.#name} true`);
    }
  }

  close(): void {
    this.#end.abort();
  }

  #install(): Promise<void> {
    const folder = this.#options.folder;
    const script = `mkdir -p ${folder} && cat > ${folder}/worker.new.$$ && mv -f ${folder}/worker.new.$$ ${folder}/worker.sh`;
    return this.#ssh([script], workerScript()).then(() => {});
  }

  #connect(): void {
    if (this.#master !== null || this.#end.signal.aborted) return;
    const { signal } = this.#end;
    this.#master = this.#context
      .exec(['ssh', ...this.#arguments(), '-M', '-N', '-S', this.#socket, this.#name], {
        cwd: '/',
        env: environment(),
        signal,
      })
      // Without a shared connection each call opens its own.
      .finally(() => (this.#master = null));
    this.#master.catch(() => {});
  }

  #ssh(words: readonly string[], input?: string): Promise<Buffer> {
    const shared = existsSync(this.#socket) ? ['-S', this.#socket] : [];
    const [script = '', ...rest] = words;
    const command = [script, ...rest.map(quote)].join(' ');
    return callProgram(this.#context, ['ssh', ...this.#arguments(), ...shared, this.#name, command], {
      input,
      env: environment(),
      // A large tree over a slow line takes its time.
      timeoutMs: input === undefined ? 60_000 : 30 * 60_000,
    });
  }

  #arguments(): string[] {
    const { ssh, connectSeconds } = this.#options;
    // ssh must not ask a question, because nobody is there to answer it.
    return [
      '-o',
      'BatchMode=yes',
      '-o',
      `ConnectTimeout=${connectSeconds}`,
      '-o',
      'ServerAliveInterval=10',
      '-o',
      'ServerAliveCountMax=3',
      ...ssh,
    ];
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
