import { existsSync, readFileSync } from 'node:fs';

const CUDA = /^cuda:(\d+)$/;
const ROCM = /^(?:rocm|hip):(\d+)$/;

/** What a trial must see of the machine's devices: a slot named after one shows that one alone. */
export function deviceEnvironment(slot: string): Record<string, string> {
  const cuda = CUDA.exec(slot)?.[1];
  if (cuda !== undefined) return { CUDA_VISIBLE_DEVICES: cuda };
  const rocm = ROCM.exec(slot)?.[1];
  // The second counts within what the first leaves.
  return rocm === undefined ? {} : { ROCR_VISIBLE_DEVICES: rocm, HIP_VISIBLE_DEVICES: '0' };
}

/** What one of several slots may use, as `taskset -c` takes it; undefined where there are fewer cores than slots. */
export function coresOf(index: number, slots: number, cores: readonly number[] = allowedCores()): string | undefined {
  const each = Math.floor(cores.length / slots);
  if (slots < 2 || each < 1) return undefined;
  return cores.slice(index * each, (index + 1) * each).join();
}

/** The cores that this process may use, where the kernel says so. */
function allowedCores(): number[] {
  const file = '/proc/self/status';
  if (!existsSync(file)) return [];
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return list.split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return Number.isInteger(from) && Number.isInteger(to) ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [];
  });
}
