import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../duration.ts';
import { failureLine, ReasonError, type ExecResult, type Pipes } from '../../plugin.ts';
import { LineReader } from '../../process/line-reader.ts';

/** What an evaluator asks in one line. */
export interface Batch {
  readonly id: number;
  readonly inputs: readonly unknown[];
}

interface ServedModelOptions {
  /** Starts the candidate's program, and settles when it and everything it has started is gone. */
  readonly start: (talk: (pipes: Pipes) => Promise<void>) => Promise<ExecResult>;
  /** For one answer. */
  readonly timeoutMs: number;
  readonly maxLineBytes: number;
}

interface Running {
  readonly lines: LineReader;
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Lets it end: its input is closed. */
  readonly leave: () => void;
  readonly ended: Promise<ExecResult>;
}

const TIMED_OUT = Symbol('timed out');

/** A program of the candidate that answers batches, one after the other. Everything it writes is validated. */
export class ServedModel {
  /** How long the evaluator waited for answers. */
  seconds = 0;
  batches = 0;
  peakMemoryMb: number | null = null;
  readonly #options: ServedModelOptions;
  #running: Running | null = null;

  constructor(options: ServedModelOptions) {
    this.#options = options;
  }

  /** @throws ReasonError PREDICT_… where there is no answer that fits the batch */
  async ask({ id, inputs }: Batch): Promise<readonly unknown[]> {
    const started = performance.now();
    try {
      const answer = await this.#within(this.#exchange(`${JSON.stringify({ id, inputs })}\n`));
      const { outputs } = readAnswer(answer, id, inputs.length);
      if (this.#running?.lines.hasMore === true) throw invalid('it answered twice, or without having been asked');
      this.batches++;
      return outputs;
    } finally {
      this.seconds += (performance.now() - started) / 1000;
    }
  }

  /** Ends the program with all it has started; the next batch starts it anew. */
  async end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.leave();
    const { peakMemoryMb } = await running.ended;
    if (peakMemoryMb !== null) this.peakMemoryMb = Math.max(this.peakMemoryMb ?? 0, peakMemoryMb);
  }

  async #exchange(request: string): Promise<string> {
    const { lines, writer, leave, ended } = (this.#running ??= await this.#start());
    // A program that ends without reading is noticed by its missing answer.
    writer.write(new TextEncoder().encode(request)).catch(() => {});
    try {
      const line = await lines.next();
      if (line !== null) return line;
    } catch (error) {
      if (error instanceof RangeError) throw invalid(`it wrote a line longer than ${this.#options.maxLineBytes / 1024 / 1024} MiB`);
      throw error;
    }
    this.#running = null;
    leave();
    throw new ReasonError('PREDICT_ENDED', howItEnded(await ended));
  }

  async #within<T>(answer: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = sleep(this.#options.timeoutMs, TIMED_OUT, { signal: timer.signal }).catch(() => TIMED_OUT);
    try {
      const first = await Promise.race([answer, late]);
      if (first !== TIMED_OUT) return first as T;
      // Later output or errors are ignored.
      answer.catch(() => {});
      throw new ReasonError(
        'PREDICT_TIMED_OUT',
        `the candidate's program did not answer within ${formatDuration(this.#options.timeoutMs)}`,
      );
    } finally {
      timer.abort();
    }
  }

  async #start(): Promise<Running> {
    const over = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<Omit<Running, 'ended'>>();
    const ended = this.#options.start(async ({ stdin, stdout }) => {
      begun.resolve({ lines: new LineReader(stdout, this.#options.maxLineBytes), writer: stdin.getWriter(), leave: over.resolve });
      await over.promise;
    });
    // A program that cannot be started never speaks; one that has ended is not waited for.
    ended.then((result) => begun.reject(new ReasonError('PREDICT_ENDED', howItEnded(result))), begun.reject);
    return { ...(await begun.promise), ended };
  }
}

function readAnswer(line: string, id: number, count: number): { outputs: readonly unknown[] } {
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    throw invalid(`its answer is no JSON: ${shown}`);
  }
  const { id: own, outputs }: { id?: unknown; outputs?: unknown } = typeof answer === 'object' && answer !== null ? answer : {};
  if (own !== id) throw invalid(`it answered ${JSON.stringify(own) ?? 'no id'} when it was asked ${id}`);
  if (!Array.isArray(outputs)) throw invalid(`its answer has no list of outputs: ${shown}`);
  if (outputs.length !== count) throw invalid(`it answered ${outputs.length} outputs to ${count} inputs`);
  return { outputs };
}

function invalid(what: string): ReasonError {
  return new ReasonError('PREDICT_INVALID', `the candidate's program broke the predict protocol: ${what}`);
}

function howItEnded({ spawnError, exitCode, signal, tail }: ExecResult): string {
  const how = spawnError ? `could not be started (${spawnError})` : signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  return [`the candidate's program ${how} while it was asked`, failureLine(tail)].filter(Boolean).join(': ');
}
