import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** A git process that stays and answers one request after another; started when it is first asked. */
export interface Service {
  /**
   * Writes a request, and gives its answer. `lengthOf` says how many bytes of the output so far are the answer, -1 while
   * it is not all there.
   * @throws what a process that ends instead means
   */
  ask(request: string, lengthOf: (out: Buffer) => number): Promise<Buffer>;
  /** Ends the process; the next request starts a new one. */
  end(): void;
}

interface Start {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The error for a process that could not be started. */
  readonly notStarted: (cause: Error) => Error;
  /** The error for one that has ended: `said` is its standard error. */
  readonly ended: (end: { readonly code: number | null; readonly signal: string | null; readonly said: string }) => Error;
}

/** A process that nobody asks anything ends by itself: a new one takes a few milliseconds. */
const IDLE_MS = 10_000;

interface Waiting {
  readonly lengthOf: (out: Buffer) => number;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: Error) => void;
}

export function startService(how: Start): Service {
  let running: Running | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    ask(request, lengthOf) {
      const asked = turn.then(() => {
        if (running === null || running.hasEnded) running = new Running(how);
        return running.ask(request, lengthOf);
      });
      turn = asked.catch(() => {});
      return asked;
    },
    end() {
      running?.end();
      running = null;
    },
  };
}

class Running {
  hasEnded = false;
  readonly #child: ChildProcess;
  #out = Buffer.alloc(0);
  #said = '';
  #waiting: Waiting | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor({ args, cwd, env, notStarted, ended }: Start) {
    // Detached, because Ctrl-C reaches the terminal's whole process group. It ends when our end of its input is closed, at the latest by our death.
    this.#child = spawn('git', args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    stderr?.on('data', (chunk: Buffer) => (this.#said = `${this.#said}${chunk.toString()}`.slice(-10_000)));
    // Its end says why.
    for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => {});
    this.#child.on('error', (cause) => this.#fail(notStarted(cause)));
    this.#child.on('close', (code, signal) => this.#fail(ended({ code, signal, said: this.#said })));
    this.#rest();
  }

  ask(request: string, lengthOf: Waiting['lengthOf']): Promise<Buffer> {
    clearTimeout(this.#idle);
    this.#hold((handle) => handle.ref());
    return new Promise((resolve, reject) => {
      this.#waiting = { lengthOf, resolve, reject };
      this.#child.stdin?.write(request);
    });
  }

  end(): void {
    clearTimeout(this.#idle);
    this.hasEnded = true;
    this.#child.stdin?.end();
  }

  #read(chunk: Buffer): void {
    this.#out = Buffer.concat([this.#out, chunk]);
    const length = this.#waiting?.lengthOf(this.#out) ?? -1;
    if (this.#waiting === null || length < 0) return;
    const { resolve } = this.#waiting;
    const answer = this.#out.subarray(0, length);
    this.#out = this.#out.subarray(length);
    this.#waiting = null;
    this.#rest();
    resolve(answer);
  }

  #fail(error: Error): void {
    clearTimeout(this.#idle);
    this.hasEnded = true;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  /** While it is idle, the process does not keep Node from ending. */
  #rest(): void {
    this.#hold((handle) => handle.unref());
    this.#idle = setTimeout(() => this.end(), IDLE_MS);
    this.#idle.unref();
  }

  #hold(how: (handle: { ref(): void; unref(): void }) => void): void {
    how(this.#child);
    // Pipes are sockets, which the types do not say.
    for (const stream of this.#child.stdio) if (stream instanceof Socket) how(stream);
  }
}
