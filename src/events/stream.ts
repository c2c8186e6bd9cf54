import { deepFreeze } from '../experiment.ts';
import type { RunEvent, Log } from '../plugin.ts';
import { redactAll, type Redact } from '../redact.ts';
import type { Journal } from './journal.ts';
import { Observer } from './observer.ts';

/** An event without what the stream adds: its number and its time. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'seq' | 'at'> : never) : never;
export type Emit = (event: NewEvent) => void;

/** How long reporters may take, when a session ends, for the events that still wait for them. */
const GRACE_MS = 2000;

/** The events of one session: numbers them, takes keys out, and passes them on. It never throws and is waited for by nobody. */
export class EventStream {
  readonly #redact: Redact;
  /** The log of the session: its warnings are events too. */
  readonly log: Log;
  readonly #observers: Observer[] = [];
  readonly #waiting: NewEvent[] = [];
  #journal: Journal | null = null;
  #seq = 0;
  #isOpen = false;

  constructor({ redact, log }: { readonly redact: Redact; readonly log: Log }) {
    this.#redact = redact;
    this.log = this.#tellWarnings(log);
  }

  /** A reporter that wants every event. */
  observe(label: string, path: string, observe: (event: RunEvent) => unknown): void {
    this.#observers.push(new Observer({ name: `[plugin ${label}] observe`, place: path, observe, warn: this.log.warn }));
  }

  /** A session begins; its numbers follow those of the journal. What is told before is told to nobody. */
  open(journal: Journal): void {
    this.#journal = journal;
    this.#seq = journal.last;
    this.#isOpen = true;
  }

  readonly emit: Emit = (event) => {
    if (!this.#isOpen) return;
    this.#waiting.push(event);
    // A warning about an event, such as of a full disk, comes after it.
    if (this.#waiting.length > 1) return;
    for (let next; (next = this.#waiting[0]) !== undefined; this.#waiting.shift()) this.#tell(next);
  };

  /** Lets reporters catch up, within two seconds. */
  async settle(): Promise<void> {
    await Promise.all(this.#observers.map((observer) => observer.settle(GRACE_MS)));
  }

  close(): void {
    this.#isOpen = false;
    this.#journal?.close();
  }

  #tell(event: NewEvent): void {
    const whole = deepFreeze({ seq: ++this.#seq, at: new Date().toISOString(), ...this.#withoutKeys(event) }) as RunEvent;
    this.#journal?.append(whole);
    for (const observer of this.#observers) observer.push(whole);
  }

  #withoutKeys(event: NewEvent): NewEvent {
    const clean = redactAll(event, this.#redact);
    // A key may be broken over lines.
    return clean.type === 'trial-lines' ? { ...clean, lines: this.#redact(clean.lines.join('\n')).split('\n') } : clean;
  }

  #tellWarnings(log: Log): Log {
    return {
      info: (message) => log.info(message),
      debug: (message) => log.debug(message),
      warn: (message) => {
        log.warn(message);
        this.emit({ type: 'warning', text: message });
      },
    };
  }
}
