import type { RemoteEngine, RemoteState } from '../contract/remote.ts';
import { lookOf, type Look } from './look.ts';

/** Calls worker.sh where the jobs are; throws where that place is not reached. `input` is a file that becomes its input. */
export type CallWorker = (args: readonly string[], input?: string) => Promise<Buffer>;

/** An engine whose jobs are folders that `worker.sh` keeps. */
export interface ShellEngine extends RemoteEngine {
  /** The same as `poll`, with what the worker said. */
  look(key: string): Promise<Look>;
}

/** What ssh and Slurm have in common. Handles are keys. */
export function shellEngine(call: CallWorker): ShellEngine {
  const polled = new Map<string, { readonly offset: number; readonly bytes: Buffer }>();
  const ask = async (...args: string[]) => (await call(args)).toString();
  // The log comes along: one connection tells both.
  const look = async (key: string): Promise<Look> => {
    const before = polled.get(key);
    const offset = before ? before.offset + before.bytes.length : 0;
    const answer = await call(['poll', key, String(offset)]);
    const at = answer.indexOf('\n');
    if (at === -1) throw new Error('the answer of the worker was cut short');
    polled.set(key, { offset, bytes: answer.subarray(at + 1) });
    return lookOf(answer.subarray(0, at).toString());
  };
  return {
    look,
    async find(key) {
      return (await ask('poll', key, '0')).startsWith('state=unknown') ? null : key;
    },
    async submit({ key, archive }) {
      const answer = (await call(['submit', key], archive)).toString().trim();
      if (answer !== 'new' && answer !== 'known') throw new Error(`the worker answered ${JSON.stringify(answer.slice(0, 200))}`);
      return key;
    },
    async poll(key): Promise<RemoteState> {
      return (await look(key)).state;
    },
    async log(key, offset) {
      const last = polled.get(key);
      if (last !== undefined && offset === last.offset && last.bytes.length > 0) return last.bytes;
      const answer = await call(['poll', key, String(offset)]);
      const bytes = answer.subarray(answer.indexOf('\n') + 1);
      polled.set(key, { offset, bytes });
      return bytes;
    },
    async results(key) {
      const lines = (await ask('results', key)).split('\n');
      if (lines.splice(-2).join() !== '.,') throw new Error('the list of results was cut short');
      return lines.map((line) => {
        const [, blob = '', size = '', number = '', path = ''] = /^([0-9a-f]{40}) (\d+) (\d+) (.*)$/.exec(line) ?? [];
        return { path, size: Number(size), blob, read: () => call(['result', key, number]) };
      });
    },
    async cancel(key) {
      await call(['cancel', key]);
    },
    async forget(key) {
      polled.delete(key);
      await call(['forget', key]);
    },
  };
}
