import type { RemoteEnd, RemoteEngine, RemoteState } from '../contract/remote.ts';

/** Calls worker.sh where the jobs are; throws where that place is not reached. `input` is a file that becomes its input. */
export type CallWorker = (args: readonly string[], input?: string) => Promise<Buffer>;

/** An engine whose jobs are folders that `worker.sh` keeps: what ssh and Slurm have in common. Handles are keys. */
export function shellEngine(call: CallWorker): RemoteEngine {
  const polled = new Map<string, { readonly offset: number; readonly bytes: Buffer }>();
  const ask = async (...args: string[]) => (await call(args)).toString();
  return {
    async find(key) {
      return (await ask('poll', key, '0')).startsWith('state=unknown') ? null : key;
    },
    async submit({ key, archive }) {
      const answer = (await call(['submit', key], archive)).toString().trim();
      if (answer !== 'new' && answer !== 'known') throw new Error(`the worker answered ${JSON.stringify(answer.slice(0, 200))}`);
      return key;
    },
    async poll(key) {
      // The log comes along: one connection tells both.
      const before = polled.get(key);
      const offset = before ? before.offset + before.bytes.length : 0;
      const answer = await call(['poll', key, String(offset)]);
      const at = answer.indexOf('\n');
      polled.set(key, { offset, bytes: answer.subarray(at + 1) });
      return stateOf(answer.subarray(0, at).toString());
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
      const lines = (await ask('results', key)).split('\n').filter(Boolean);
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

/** From the first line that `worker.sh poll` prints. */
export function stateOf(line: string): RemoteState {
  const [, state = '', size = '0'] = /^state=(\w+)(?: size=(\d+))?/.exec(line) ?? [];
  const logSize = Number(size);
  if (state === 'pending') return { state };
  if (state === 'running') return { state, logSize };
  if (state === 'ended') return { state, logSize, end: endOf(line) };
  return {
    state: 'lost',
    detail: state === 'lost' ? 'its worker was killed, or its machine went down' : 'the worker does not know it any more',
  };
}

const WHY = ['timeout', 'cancelled', 'lease', 'setup', 'sandbox', 'results'] as const;

function endOf(line: string): RemoteEnd {
  const field = (name: string) => new RegExp(`; ${name}=([^;]*)`).exec(line)?.[1] ?? '';
  const code = field('code');
  return {
    exitCode: code === '' ? null : Number(code),
    why: WHY.find((why) => why === field('why')) ?? null,
    seconds: Number(field('seconds')),
    layer: field('layer'),
    hardware: field('hardware'),
  };
}
