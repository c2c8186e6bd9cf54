/** What is under way right now, in words; one line an experiment. */
import { clock, cut, oneLine } from './format.ts';

type Phase = 'proposing' | 'checking' | 'training' | 'judging' | 'auditing';

interface InFlight {
  readonly id: number;
  readonly title: string;
  readonly phase: Phase;
  /** When the experiment and its phase began, in milliseconds. */
  readonly begun: number;
  readonly since: number;
  readonly trial: { readonly index: number; readonly timeoutMs: number } | null;
}

export class Board {
  readonly #inFlight = new Map<number, InFlight>();

  /** The experiment enters a phase; what is not given stays as it was. */
  enter(id: number, phase: Phase, changes: Partial<Pick<InFlight, 'title' | 'trial'>> = {}): void {
    const now = Date.now();
    const known = this.#inFlight.get(id) ?? { id, title: '', begun: now, trial: null };
    this.#inFlight.set(id, { ...known, ...changes, phase, since: now });
  }

  isAuditing(id: number): boolean {
    return this.#inFlight.get(id)?.phase === 'auditing';
  }

  leave(id: number): void {
    this.#inFlight.delete(id);
  }

  clear(): void {
    this.#inFlight.clear();
  }

  /** Seconds since the oldest experiment under way began. */
  get elapsed(): number {
    const starts = [...this.#inFlight.values()].map((entry) => entry.begun);
    return starts.length === 0 ? 0 : (Date.now() - Math.min(...starts)) / 1000;
  }

  lines(columns: number): string[] {
    return [...this.#inFlight.values()].sort((a, b) => a.id - b.id).map((entry) => lineOf(entry, columns));
  }
}

function lineOf({ id, title, phase, since, trial }: InFlight, columns: number): string {
  const seconds = (Date.now() - since) / 1000;
  const head = `#${id} ${phase}${trial !== null && trial.index > 0 ? ` trial ${trial.index + 1}` : ''}`;
  const time =
    trial === null || (phase !== 'training' && phase !== 'auditing')
      ? clock(seconds)
      : `${bar(seconds / (trial.timeoutMs / 1000))} ${clock(seconds)} of ${clock(trial.timeoutMs / 1000)}`;
  const line = `${head.padEnd(14)} ${time}`;
  return title === '' ? line : `${line}  ${cut(oneLine(title), columns - line.length - 2)}`;
}

const CELLS = 12;

/** How much of the trial's time is used. */
function bar(part: number): string {
  const full = Math.min(CELLS, Math.floor(part * CELLS));
  return '━'.repeat(full) + '┈'.repeat(CELLS - full);
}
