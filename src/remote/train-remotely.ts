import { mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../contract/context.ts';
import { ReasonError } from '../contract/reason-error.ts';
import type { RemoteEnd, RemoteEngine, RemoteJob, RemoteState } from '../contract/remote.ts';
import type { TrialOutcome, TrialRequest } from '../contract/roles.ts';
import { messageOf } from '../errors.ts';
import { bringBack } from './bring-back.ts';
import { jobKey } from './key.ts';
import { LogLines } from './log-lines.ts';
import type { RemoteOptions } from './options.ts';

/** How long an engine may be out of reach, again and again, before a trial counts as lost. */
const UNREACHABLE_MS = 10 * 60_000;

interface Means {
  readonly engine: RemoteEngine;
  readonly options: RemoteOptions;
  readonly log: Log;
  /** Writes the job's files, and the archive of them. */
  readonly pack: (dir: string, request: TrialRequest) => Promise<Pick<RemoteJob, 'folder' | 'archive'>>;
}

/**
 * Runs one trial on another machine, and answers as if it had run here: its log and its results are where they would be.
 * A job that an earlier process submitted is found again. One that is lost by no fault of its own is tried anew, with another
 * key, after what is left of it has been ended.
 */
export async function trainRemotely(request: TrialRequest, means: Means): Promise<TrialOutcome> {
  const { options, log } = means;
  const began = performance.now();
  for (let attempt = 0; ; attempt++) {
    const key = jobKey(request, options.run, attempt);
    const { state, detail } = await new Attempt(key, request, means).run();
    if (state !== 'lost') return { ...detail, seconds: detail.seconds || (performance.now() - began) / 1000 };
    if (attempt >= options.retries)
      throw new ReasonError('TRIAL_LOST', `the trial was lost ${attempt + 1} times, at last because ${detail}`);
    log.warn(`a trial of #${request.experiment} was lost, which says nothing about the change, and is tried again: ${detail}`);
  }
}

type Ended = { readonly state: 'ended'; readonly detail: TrialOutcome } | { readonly state: 'lost'; readonly detail: string };

class Attempt {
  readonly #key: string;
  readonly #request: TrialRequest;
  readonly #means: Means;
  #unreachableSince: number | null = null;

  constructor(key: string, request: TrialRequest, means: Means) {
    this.#key = key;
    this.#request = request;
    this.#means = means;
  }

  async run(): Promise<Ended> {
    const { signal } = this.#request;
    if (signal.aborted) return aborted(0);
    const { engine } = this.#means;
    const handle = await this.#reach(async () => (await engine.find(this.#key)) ?? (await this.#submit()));
    if (handle === null) return { state: 'lost', detail: 'the engine could not be reached' };
    try {
      return await this.#follow(handle);
    } finally {
      // A lost one is ended by its lease where this does not reach it.
      await engine.forget(handle).catch(() => {});
    }
  }

  async #submit(): Promise<string> {
    const { engine, pack } = this.#means;
    const { experiment, index, env, timeoutMs } = this.#request;
    const dir = mkdtempSync(join(tmpdir(), 'autoresearch-job-'));
    try {
      const files = await pack(dir, this.#request);
      const title = `autoresearch-${env['AUTORESEARCH_RUN'] ?? 'trial'}-${experiment}-${index}`;
      return await engine.submit({ key: this.#key, title, ...files, timeoutSeconds: Math.ceil(timeoutMs / 1000) });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }

  async #follow(handle: string): Promise<Ended> {
    const { signal, logFile, onLine } = this.#request;
    const { engine, options } = this.#means;
    const submitted = performance.now();
    const lines = new LogLines(onLine);
    writeFileSync(logFile, '');
    for (let offset = 0, pause = 50; ; pause = Math.min(pause * 2, options.pollSeconds * 1000)) {
      if (signal.aborted) {
        await engine.cancel(handle).catch(() => {});
        return aborted((performance.now() - submitted) / 1000);
      }
      const seen = await this.#reach(() => engine.poll(handle));
      if (seen === null) return { state: 'lost', detail: 'the engine could not be reached any more' };
      if (seen.state === 'lost') return { state: 'lost', detail: seen.detail };
      if (seen.state === 'pending' && performance.now() - submitted > options.pendingSeconds * 1000) {
        await engine.cancel(handle).catch(() => {});
        return { state: 'lost', detail: `it was not started within ${options.pendingSeconds} s` };
      }
      while (seen.state !== 'pending' && offset < seen.logSize) {
        const bytes = await this.#reach(() => engine.log(handle, offset));
        if (bytes === null || bytes.length === 0) break;
        appendFileSync(logFile, bytes);
        lines.push(bytes);
        offset += bytes.length;
      }
      if (seen.state === 'ended') {
        lines.end();
        return this.#conclude(handle, seen);
      }
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  async #conclude(handle: string, { end }: Extract<RemoteState, { state: 'ended' }>): Promise<Ended> {
    if (end.why === 'lease' || end.why === 'setup') return { state: 'lost', detail: LOST[end.why] };
    if (end.why === 'sandbox')
      throw new ReasonError('SANDBOX_UNAVAILABLE', 'bwrap does not work on the worker, and the option sandbox asks for it');
    if (end.why === 'results')
      throw new ReasonError('RESULT_REFUSED', 'the worker could not set the results aside: too large, or its disk is full');
    const files = await this.#reach(() => this.#means.engine.results(handle));
    if (files === null) return { state: 'lost', detail: 'its results could not be fetched' };
    await bringBack(files, this.#request.cwd, this.#means.options);
    return { state: 'ended', detail: outcomeOf(end) };
  }

  /** Null where the engine stays out of reach for long, or the trial was aborted in the meantime. */
  async #reach<T>(ask: () => Promise<T>): Promise<T | null> {
    for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
      try {
        const answer = await ask();
        this.#unreachableSince = null;
        return answer;
      } catch (error) {
        if (error instanceof ReasonError || this.#request.signal.aborted) throw error;
        this.#unreachableSince ??= performance.now();
        this.#means.log.debug(`the engine of ${this.#key} did not answer: ${messageOf(error)}`);
        if (performance.now() - this.#unreachableSince > UNREACHABLE_MS) return null;
        await sleep(pause, undefined, { signal: this.#request.signal }).catch(() => {});
      }
    }
  }
}

const LOST = {
  lease: 'the worker had not been asked for it during the lease, and ended it',
  setup: 'the worker could not unpack the candidate',
};

function aborted(seconds: number): Ended {
  return { state: 'ended', detail: { exit: 'aborted', exitCode: null, signal: null, seconds, peakMemoryMb: null } };
}

function outcomeOf({ exitCode, why, seconds, hardware }: RemoteEnd): TrialOutcome {
  const common = { seconds, peakMemoryMb: null, hardware };
  if (why === 'timeout') return { ...common, exit: 'timed-out', exitCode: null, signal: null };
  if (why === 'cancelled') return { ...common, exit: 'aborted', exitCode: null, signal: null };
  return { ...common, exit: exitCode === 0 ? 'completed' : 'failed', exitCode, signal: null };
}
