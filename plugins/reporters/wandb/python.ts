import type { PluginContext } from '../../../src/plugin.ts';
import { TryAgain } from '../_delivery/service.ts';
import { CHILD } from './child.ts';

interface Options {
  readonly python: string;
  readonly timeoutMs: number;
}

type Answer = Readonly<Record<string, unknown>>;
type Settle = { resolve(answer: Answer): void; reject(error: Error): void };

/** What W&B and Python need of the environment, and no other keys. */
const PASSED =
  /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|TZ|XDG_.*|WANDB_.*|NETRC|VIRTUAL_ENV|PYTHON.*|LD_LIBRARY_PATH|(https?|no|all)_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE)$/i;
/** How long it may take to write what it has in memory. */
const LEAVE_MS = 10_000;

/** One Python for the whole session. When it fails, the next `open` starts another. */
export class Python {
  readonly #context: PluginContext;
  readonly #options: Options;
  readonly #waiting = new Map<number, Settle>();
  #asked = 0;
  #input: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #ended: Promise<void> = Promise.resolve();
  #stop = new AbortController();

  constructor(context: PluginContext, options: Options) {
    this.#context = context;
    this.#options = options;
  }

  /** Starts it, if it does not run. */
  async start(): Promise<void> {
    if (this.#input !== null) return;
    await this.#ended;
    const { projectDir, exec } = this.#context;
    const python = this.#options.python;
    const env = Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => PASSED.test(entry[0]) && entry[1] !== undefined),
    );
    this.#stop = new AbortController();
    const opened = Promise.withResolvers<void>();
    const ran = exec([python, '-u', '-c', CHILD], {
      cwd: projectDir,
      env: { ...env, WANDB_SILENT: 'true' },
      signal: this.#stop.signal,
      talk: async ({ stdin, stdout }) => {
        this.#input = stdin.getWriter();
        opened.resolve();
        await this.#listen(stdout);
      },
    });
    this.#ended = ran.then(
      ({ spawnError, tail }) => this.#end(spawnError === undefined ? lastLine(tail) : `${python} could not be started (${spawnError})`),
      (error: unknown) => this.#end(String(error)),
    );
    await Promise.race([opened.promise, this.#ended]);
    if (this.#input === null) throw new TryAgain(`${python} could not be started`);
  }

  /** @throws TryAgain with what Python says, after which `start` begins anew */
  async ask(order: Answer): Promise<Answer> {
    const n = this.#asked++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.set(n, { resolve, reject });
    const timer = setTimeout(() => this.kill('it did not answer in time'), this.#options.timeoutMs);
    try {
      if (this.#input === null) throw new TryAgain('Python has ended');
      await this.#input.write(Buffer.from(`${JSON.stringify({ ...order, n })}\n`));
      const answer = await promise;
      if (typeof answer['error'] === 'string') throw new TryAgain(answer['error'].split('\n', 1)[0]?.slice(0, 300) ?? 'it failed');
      return answer;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(n);
    }
  }

  /** Ends it in good order: W&B writes what it has. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.kill('it did not end in time'), LEAVE_MS);
    await this.#input?.close().catch(() => {});
    await this.#ended;
    clearTimeout(timer);
  }

  kill(why: string): void {
    this.#end(why);
    this.#stop.abort();
  }

  async #listen(stdout: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of stdout) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const answer = JSON.parse(line) as Answer;
        this.#waiting.get(Number(answer['n']))?.resolve(answer);
      }
    }
  }

  #end(why: string): void {
    this.#input = null;
    for (const { reject } of this.#waiting.values()) reject(new TryAgain(why || 'Python has ended'));
    this.#waiting.clear();
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
