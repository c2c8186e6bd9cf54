import type { Duplex } from 'node:stream';
import { ReasonError } from '../../plugin.ts';
import { LineReader } from '../../process/line-reader.ts';
import type { Batch, ServedModel } from './served-model.ts';

interface Channel {
  /** What the evaluator writes. */
  readonly requests: Duplex;
  /** What it reads. */
  readonly answers: Duplex;
}

type Request = Batch | 'restart';

/**
 * Takes an evaluator's requests to the candidate's program and the answers back, until the evaluator has no more.
 * @throws ReasonError PREDICT_… for what the program did, EVALUATION_FAILED for a request that is none
 */
export async function relayPredictions({ requests, answers }: Channel, model: ServedModel, maxLineBytes: number): Promise<void> {
  // The evaluator may have ended before the answer reaches it.
  answers.on('error', () => {});
  requests.on('error', () => {});
  const lines = new LineReader(requests, maxLineBytes);
  const asked = new Set<number>();
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const request = readRequest(line, asked);
    if (request === 'restart') {
      await model.end();
      await write(answers, { restarted: true });
    } else {
      await write(answers, { id: request.id, outputs: await model.ask(request) });
    }
  }
}

function readRequest(line: string, asked: Set<number>): Request {
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    throw refused(`no JSON: ${shown}`);
  }
  const { id, inputs, restart }: { id?: unknown; inputs?: unknown; restart?: unknown } =
    typeof request === 'object' && request !== null ? request : {};
  if (restart === true) return 'restart';
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw refused(`no whole number as its id: ${shown}`);
  if (!Array.isArray(inputs)) throw refused(`no list of inputs: ${shown}`);
  if (asked.has(id)) throw refused(`the id ${id} a second time`);
  asked.add(id);
  return { id, inputs };
}

function write(answers: Duplex, value: unknown): Promise<void> {
  return new Promise((resolve) => {
    answers.write(`${JSON.stringify(value)}\n`, () => resolve());
  });
}

function refused(what: string): ReasonError {
  return new ReasonError('EVALUATION_FAILED', `the evaluator wrote a request with ${what}`);
}
