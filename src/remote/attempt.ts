import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../contract/context.ts';
import type { RemoteEngine, RemoteJob, RemoteState } from '../contract/remote.ts';
import type { TrialRequest } from '../contract/roles.ts';
import { bringBack, CutResult } from './bring-back.ts';
import { conclusionOf, type AttemptEnd } from './conclusion.ts';
import { jobKey } from './key.ts';
import type { Removals } from './removals.ts';
import { LogLines } from './log-lines.ts';
import type { RemoteOptions } from './options.ts';
import { OutOfReach, reach } from './reach.ts';

export interface Means {
  readonly engine: RemoteEngine;
  readonly options: RemoteOptions;
  readonly log: Log;
  readonly removals: Removals;
  /** Writes the job's files. */
  readonly pack: (dir: string, request: TrialRequest) => Promise<Pick<RemoteJob, 'folder' | 'archive'>>;
}

/** One attempt at a trial: a job, from its submission to its result. */
export class Attempt {
  /** Why it was given up for lost. */
  cause = '';
  readonly #key: string;
  readonly #attempt: number;
  readonly #request: TrialRequest;
  readonly #means: Means;
  #handle: string | null = null;

  constructor(attempt: number, request: TrialRequest, means: Means) {
    this.#key = jobKey(request, means.options.run, attempt);
    this.#attempt = attempt;
    this.#request = request;
    this.#means = means;
  }

  async run(): Promise<AttemptEnd> {
    const { signal } = this.#request;
    if (signal.aborted) return aborted(0);
    const { engine, removals } = this.#means;
    await removals.until(this.#key);
    const end = await this.#end();
    if (end.state === 'lost') {
      this.cause = end.cause;
      // It must not share a machine with its successor. Where this does not reach it, its lease ends it.
      if (this.#handle !== null) await engine.cancel(this.#handle).catch(() => {});
    } else removals.add(this.#key, this.forget());
    return end;
  }

  /** Whether a job that was given up for lost has a result after all. */
  async hasEndedLate(): Promise<boolean> {
    if (this.#handle === null) return false;
    const state = await this.#means.engine.poll(this.#handle).catch(() => null);
    return state?.state === 'ended' && state.end.why === null && state.end.exitCode === 0;
  }

  async forget(): Promise<void> {
    if (this.#handle !== null) await this.#means.engine.forget(this.#handle).catch(() => {});
  }

  async #end(): Promise<AttemptEnd> {
    const { engine } = this.#means;
    try {
      const handle = await this.#reach(async () => (await engine.find(this.#key)) ?? (await this.#submit()));
      this.#handle = handle;
      return await this.#follow(handle);
    } catch (error) {
      if (error instanceof CutResult) return { state: 'lost', cause: error.message };
      if (error instanceof OutOfReach) return { state: 'lost', cause: error.message, mayRun: true };
      await this.forget();
      if (this.#request.signal.aborted) return aborted(0);
      throw error;
    }
  }

  async #submit(): Promise<string> {
    const { engine, pack } = this.#means;
    const { experiment, index, env, timeoutMs } = this.#request;
    const dir = mkdtempSync(join(tmpdir(), 'autoresearch-job-'));
    try {
      const files = await pack(dir, this.#request);
      const run = env['AUTORESEARCH_RUN'] ?? 'trial';
      const title = `autoresearch-${run}-${experiment}-${index}`;
      const trial = { run, experiment, index, attempt: this.#attempt };
      return await engine.submit({ key: this.#key, title, trial, ...files, timeoutSeconds: Math.ceil(timeoutMs / 1000) });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }

  async #follow(handle: string): Promise<AttemptEnd> {
    const { signal, logFile, onLine } = this.#request;
    const { engine, options } = this.#means;
    const submitted = performance.now();
    const lines = new LogLines(onLine);
    writeFileSync(logFile, '');
    for (let offset = 0; ;) {
      if (signal.aborted) {
        await engine.cancel(handle).catch(() => {});
        return aborted((performance.now() - submitted) / 1000);
      }
      const asked = performance.now();
      const pause = Math.min(Math.max(100, (asked - submitted) * 0.3), options.pollSeconds * 1000);
      const seen = await this.#look(handle);
      if (seen === null) continue;
      if (seen.state === 'lost') return { state: 'lost', cause: seen.detail, mayRun: seen.mayRun === true };
      if (seen.state === 'pending' && performance.now() - submitted > options.pendingSeconds * 1000) {
        const why = seen.detail === undefined ? '' : ` (${seen.detail})`;
        return { state: 'lost', cause: `it was not started within ${options.pendingSeconds} s${why}` };
      }
      while (seen.state !== 'pending' && offset < seen.logSize) {
        const bytes = await this.#reach(() => engine.log(handle, offset));
        if (bytes.length === 0) break;
        appendFileSync(logFile, bytes);
        lines.push(bytes);
        offset += bytes.length;
      }
      if (seen.state === 'ended') {
        lines.end();
        return this.#conclude(handle, seen);
      }
      // An engine whose poll does not block is asked more often while the trial is young.
      await sleep(Math.max(0, asked + pause - performance.now()), undefined, { signal }).catch(() => {});
    }
  }

  /** Null where the trial was aborted meanwhile: nobody waits then. */
  async #look(handle: string): Promise<RemoteState | null> {
    const { engine, options } = this.#means;
    const { signal } = this.#request;
    const aborted = Promise.withResolvers<null>();
    const stop = () => aborted.resolve(null);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const look = this.#reach(() => engine.poll(handle, options.pollSeconds * 1000));
      look.catch(() => {});
      return await Promise.race([look, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #conclude(handle: string, { end }: Extract<RemoteState, { state: 'ended' }>): Promise<AttemptEnd> {
    const conclusion = conclusionOf(end, await this.#request.tree?.id());
    if (conclusion.state === 'lost') return conclusion;
    const files = await this.#reach(() => this.#means.engine.results(handle));
    await bringBack(files, this.#request.cwd, this.#means.options, (file) => this.#reach(() => file.read()));
    return conclusion;
  }

  #reach<T>(ask: () => Promise<T>): Promise<T> {
    return reach(ask, this.#request.signal, (error) => this.#means.log.debug(`the engine of ${this.#key} did not answer: ${error}`));
  }
}

function aborted(seconds: number): AttemptEnd {
  return { state: 'ended', outcome: { exit: 'aborted', exitCode: null, signal: null, seconds, peakMemoryMb: null } };
}
