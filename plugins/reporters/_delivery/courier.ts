import type { Log, RunEnd, RunView, SettledExperiment } from '../../../src/plugin.ts';
import { leaveCursor, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { Quiet } from './quiet.ts';
import { Recent } from './recent.ts';
import { Refused, TryAgain, type Service } from './service.ts';
import { sleep } from './sleep.ts';

interface Options {
  /** As warnings call it. */
  readonly name: string;
  readonly service: Service;
  readonly cursorFile: (run: RunView) => string;
  /** Where an earlier version kept it. */
  readonly earlierFile?: (run: RunView) => string;
  readonly log: Log;
  /** Aborted when the run is being stopped. */
  readonly signal: AbortSignal;
  /** How long the end of a session waits for what is still due. */
  readonly patienceMs: number;
  /** The wait after a first failure; it doubles with each further one. */
  readonly firstWaitMs?: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A person who stops a run does not wait for a tracker. */
const PATIENCE_WHEN_STOPPED_MS = 2000;

type Told = 'told' | 'nothing' | 'refused';

/**
 * Tells a service of a run, beside the loop: one thing after the other, in the order of the ledger. It holds no queue of
 * records: what is due is what the ledger has beyond the cursor, so nothing is lost in an outage, a crash or a kill.
 */
export class Courier {
  readonly #options: Options;
  readonly #stopped = new AbortController();
  readonly #recent = new Recent();
  readonly #quiet = new Quiet(() => this.#wake());
  #run: RunView | null = null;
  #cursor: Cursor = { experiments: 0, audits: 0 };
  #end: RunEnd | null = null;
  /** Experiments there were when the session began, and how many have been tried since. */
  #before = 0;
  #tried = 0;
  #isOpen = false;
  #hasWarned = false;
  #working: Promise<void> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  async start(run: RunView): Promise<void> {
    this.#run = run;
    this.#before = run.history.length;
    const { cursorFile, earlierFile } = this.#options;
    this.#cursor = await readCursor(cursorFile(run), run, earlierFile?.(run));
    this.#wake();
  }

  settled(experiment: SettledExperiment, run: RunView): void {
    this.#recent.add(experiment);
    this.#run = run;
    this.#quiet.due();
  }

  audited(run: RunView): void {
    this.#run = run;
    this.#quiet.due();
  }

  trialStarted(): void {
    this.#quiet.trialStarted();
  }

  /** Waits for what is due, up to a limit; the next session tells the rest. */
  async done(run: RunView, end: RunEnd): Promise<void> {
    const { patienceMs, signal, log, name, service } = this.#options;
    this.#run = run;
    this.#end = service.end ? end : null;
    this.#wake();
    const patience = signal.aborted ? Math.min(patienceMs, PATIENCE_WHEN_STOPPED_MS) : patienceMs;
    await Promise.race([this.#working ?? Promise.resolve(), sleep(patience, this.#stopped.signal)]);
    const left = this.#left();
    if (left > 0) log.warn(`${name}: ${left} things are not sent yet; the next session of this run sends what the record holds`);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#quiet.cancel();
    await this.#working;
    if (this.#run !== null) leaveCursor(this.#options.cursorFile(this.#run));
    await this.#options.service.close?.();
  }

  #left(): number {
    const { history = [], audits = [] } = this.#run ?? {};
    return history.length - this.#cursor.experiments + audits.length - this.#cursor.audits + (this.#end === null ? 0 : 1);
  }

  #wake(): void {
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopped;
    const { firstWaitMs = FIRST_WAIT_MS } = this.#options;
    for (let wait = firstWaitMs; !signal.aborted && (this.#left() > 0 || !this.#isOpen);) {
      try {
        await this.#next(signal);
        wait = firstWaitMs;
      } catch (error) {
        if (signal.aborted) return;
        this.#isOpen = false;
        this.#warnOnce(error);
        await sleep(Math.max(wait, error instanceof TryAgain ? error.afterMs : 0), signal);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
      }
    }
  }

  async #next(signal: AbortSignal): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    const { service } = this.#options;
    if (!this.#isOpen) {
      const has = await service.open?.(run, signal);
      if (typeof has === 'number') this.#cursor = { ...this.#cursor, experiments: Math.min(has, run.history.length) };
      this.#isOpen = true;
      // The run has gone on meanwhile, so what is due is looked up again.
      return;
    }
    const { experiments, audits } = this.#cursor;
    const summary = run.history[experiments];
    const audit = run.audits[audits];
    if (summary !== undefined) {
      const isNew = experiments >= Math.max(this.#before, this.#tried);
      this.#tried = Math.max(this.#tried, experiments + 1);
      const due = { run, summary, at: experiments, isNew, record: () => this.#recent.record(run, experiments) };
      const told = await this.#tell(`#${summary.id}`, () => service.experiment(due, signal));
      await this.#advance(run, { experiments: experiments + 1, audits }, told);
    } else if (audit !== undefined) {
      const told = await this.#tell(`the audit of #${audit.final.id}`, () => service.audit(audit, audits, run, signal));
      await this.#advance(run, { experiments, audits: audits + 1 }, told);
    } else if (this.#end !== null) {
      const end = this.#end;
      await this.#tell('the end of the session', async () => service.end?.(run, end, signal));
      this.#end = null;
    }
  }

  async #tell(what: string, action: () => Promise<false | void>): Promise<Told> {
    try {
      return (await action()) === false ? 'nothing' : 'told';
    } catch (error) {
      if (!(error instanceof Refused) || this.#stopped.signal.aborted) throw error;
      const said = error.body === '' ? '' : `: ${error.body.replaceAll(/\s+/g, ' ')}`;
      this.#options.log.warn(`${this.#options.name}: ${error.message} to ${what}, so it is left out${said}`);
      return 'refused';
    }
  }

  async #advance(run: RunView, cursor: Cursor, told: Told): Promise<void> {
    this.#cursor = cursor;
    // Nothing was sent, so nothing can be repeated.
    if (told !== 'nothing') await writeCursor(this.#options.cursorFile(run), run, cursor);
  }

  #warnOnce(error: unknown): void {
    const { log, name } = this.#options;
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#hasWarned) log.warn(`${name}: ${why}; what it has not got is kept, and sent again`);
    this.#hasWarned = true;
  }
}
