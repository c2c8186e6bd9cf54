import type { Config } from '../../config/types.ts';
import type { ProcessSession } from '../../process/session.ts';

const ONE = 'default';
/** Each prints a line for every card. */
const CUDA_CARDS = ['nvidia-smi', '--query-gpu=index', '--format=csv,noheader'] as const;
const ROCM_CARDS = ['rocm-smi', '--showid', '--csv'] as const;
const PATIENCE_MS = 20_000;

type Processes = Pick<ProcessSession, 'exec'>;

/** The names of a run's slots, as its config lists, counts or leaves them to the machine. */
export async function slotNames(slots: Config['slots'], processes: Processes): Promise<readonly string[]> {
  if (slots === 'auto') return cards(processes);
  if (!isCounted(slots)) return slots;
  return slots.count === 1 ? [ONE] : Array.from({ length: slots.count }, (_, index) => `slot-${index + 1}`);
}

/** The first of them, where one is enough and nothing need be asked. */
export function firstSlot(slots: Config['slots']): string {
  return slots === 'auto' || isCounted(slots) ? ONE : (slots[0] ?? ONE);
}

function isCounted(slots: Exclude<Config['slots'], 'auto'>): slots is { readonly count: number } {
  return 'count' in slots;
}

/** A slot for each graphics card that this process may use; one where there is none. */
async function cards(processes: Processes): Promise<string[]> {
  const cuda = visible('CUDA_VISIBLE_DEVICES') ?? numbers(await say(processes, CUDA_CARDS), /^\s*(\d+)\s*$/gm);
  if (cuda.length > 0) return cuda.map((card) => `cuda:${card}`);
  const rocm = visible('ROCR_VISIBLE_DEVICES') ?? numbers(await say(processes, ROCM_CARDS), /^card(\d+),/gm);
  return rocm.length > 0 ? rocm.map((card) => `rocm:${card}`) : [ONE];
}

/** The cards that the person's shell leaves, where it says so by number. */
function visible(variable: string): string[] | undefined {
  const value = process.env[variable]?.trim();
  return value !== undefined && /^\d+(,\d+)*$/.test(value) ? value.split(',') : undefined;
}

async function say({ exec }: Processes, argv: readonly [string, ...string[]]): Promise<string> {
  const { exit, tail } = await exec(argv, { timeoutMs: PATIENCE_MS });
  return exit === 'completed' ? tail : '';
}

function numbers(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, card = '']) => card))];
}
