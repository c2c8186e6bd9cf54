import { createInterface } from 'node:readline/promises';
import type { Decision } from '../ledger/review-records.ts';

export interface Answer {
  readonly decision: Decision;
  readonly note: string;
}

/** One change to decide on, as the walk shows it. */
export interface Stop {
  readonly card: string;
  /** The whole diff. */
  diff(): string;
  /** Everything that is known of it. */
  whole(): string;
  /** Writes the decision down; what it says is printed. */
  record(answer: Answer): Promise<string>;
}

const PROMPT = '[a]pprove  [r]eject  as[k]  [s]kip  [d]iff  [w]hole  [q]uit > ';
const DECISION: Readonly<Record<string, Decision>> = { a: 'approve', r: 'reject', k: 'ask', '?': 'ask' };

/** Asks a human about each change at a terminal. Each decision is recorded before the next change is shown; gives how many were. */
export async function walk(stops: readonly Stop[], input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<number> {
  const lines = createInterface({ input, output });
  const closed = new AbortController();
  // At the end of the input or at Ctrl-C a question would wait for ever.
  lines.on('close', () => closed.abort());
  const ask = async (question: string): Promise<string | null> => {
    try {
      return (await lines.question(question, { signal: closed.signal })).trim();
    } catch (error) {
      if (closed.signal.aborted) return null;
      throw error;
    }
  };
  let recorded = 0;
  try {
    for (const stop of stops) {
      output.write(`\n${stop.card}\n`);
      const answer = await askAbout(stop, ask, output);
      if (answer === 'quit') break;
      if (answer === 'skip') continue;
      output.write(`${await stop.record(answer)}\n`);
      recorded++;
    }
  } finally {
    lines.close();
  }
  return recorded;
}

async function askAbout(
  stop: Stop,
  ask: (question: string) => Promise<string | null>,
  output: NodeJS.WriteStream,
): Promise<Answer | 'skip' | 'quit'> {
  for (;;) {
    const key = (await ask(PROMPT))?.toLowerCase().slice(0, 1) ?? 'q';
    const decision = DECISION[key];
    if (key === 'q') return 'quit';
    if (key === 's') return 'skip';
    if (key === 'd') output.write(`\n${stop.diff()}\n`);
    else if (key === 'w') output.write(`\n${stop.whole()}\n`);
    else if (decision !== undefined) {
      const note = await ask(decision === 'ask' ? 'question: ' : 'note (Enter for none): ');
      // Quitting at this point is not a decision.
      if (note === null) return 'quit';
      if (decision !== 'ask' || note !== '') return { decision, note };
    }
  }
}
