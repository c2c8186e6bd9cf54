import type { RemoteEngine, RemoteFile, RemoteState } from '../contract/remote.ts';
import { MOST_LOG, readAnswer, readListed } from './answer.ts';
import type { Look } from './look.ts';

/** Calls worker.sh where the jobs are; throws where that machine cannot be reached. `input` is a file for its stdin. */
export type CallWorker = (args: readonly string[], input?: string) => Promise<Buffer>;

/** An engine whose jobs are folders that `worker.sh` keeps. */
export interface ShellEngine extends RemoteEngine {
  /** Like `poll`, with the worker's own answer. */
  look(key: string, waitMs?: number): Promise<Look>;
}

interface Options {
  /** How long a submission may wait for the end of the job: a short trial then takes one call in place of two. */
  readonly waitMs?: number;
}

/** The last answer about a job. */
interface Answer {
  readonly offset: number;
  readonly log: Buffer;
  readonly files: readonly RemoteFile[] | null;
}

/** An answer that came with a submission is used for a poll within this time. */
const FRESH_MS = 1000;

/** What ssh and Slurm have in common. Handles are keys. */
export function shellEngine(call: CallWorker, options: Options = {}): ShellEngine {
  const answers = new Map<string, Answer>();
  const fromSubmission = new Map<string, { readonly look: Look; readonly at: number }>();
  const ask = async (...args: string[]) => (await call(args)).toString();
  // An answer also has the next part of the log and small results, which saves connections.
  const take = async (key: string, answer: Buffer, offset: number): Promise<Look> => {
    const { look, log, files } = readAnswer(answer, offset);
    answers.set(key, { offset, log, files });
    if (log.length < MOST_LOG || !('logSize' in look.state)) return look;
    // A full answer may not be all there is.
    return { ...look, state: { ...look.state, logSize: Number(await ask('size', key)) } };
  };
  const poll = async (key: string, offset: number, waitMs = 0) =>
    take(key, await call(['poll', key, String(offset), ...waiting(waitMs)]), offset);
  const look = async (key: string, waitMs = 0): Promise<Look> => {
    const first = fromSubmission.get(key);
    fromSubmission.delete(key);
    if (first !== undefined && performance.now() - first.at < FRESH_MS) return first.look;
    const before = answers.get(key);
    return poll(key, before ? before.offset + before.log.length : 0, waitMs);
  };
  return {
    look,
    async find(key) {
      return (await ask('poll', key, '0', ...waiting(0))).startsWith('state=unknown') ? null : key;
    },
    async submit({ key, archive }) {
      const answer = await call(['submit', key, ...waiting(options.waitMs ?? 0)], await archive());
      const at = answer.indexOf('\n');
      const word = answer.subarray(0, Math.max(0, at)).toString();
      if (word !== 'new' && word !== 'known') throw new Error(`the worker answered ${JSON.stringify(answer.toString().slice(0, 200))}`);
      fromSubmission.set(key, { look: await take(key, answer.subarray(at + 1), 0), at: performance.now() });
      return key;
    },
    async poll(key, waitMs): Promise<RemoteState> {
      return (await look(key, waitMs)).state;
    },
    async log(key, offset) {
      if (answers.get(key)?.offset !== offset || answers.get(key)?.log.length === 0) await poll(key, offset);
      return answers.get(key)?.log ?? Buffer.alloc(0);
    },
    async results(key) {
      const files = answers.get(key)?.files;
      if (files) return files;
      const lines = (await ask('results', key)).split('\n');
      if (lines.splice(-2).join() !== '.,') throw new Error('the list of results was cut short');
      return lines.map((line) => {
        const { path, size, blob, number } = readListed(line);
        return { path, size, blob, read: () => call(['result', key, number]) };
      });
    },
    async cancel(key) {
      await call(['cancel', key]);
    },
    async forget(key) {
      answers.delete(key);
      fromSubmission.delete(key);
      await call(['forget', key]);
    },
  };
}

/** The last arguments of a poll: the seconds that it may block, and a value that is new each time, which renews the lease. */
function waiting(waitMs: number): [string, string] {
  return [(waitMs / 1000).toFixed(2), String(Date.now())];
}
