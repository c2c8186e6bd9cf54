import type { Direction } from '../experiment.ts';

export interface FoundDirection {
  readonly direction: Direction;
  /** Where that is from, in words. */
  readonly because: string;
}

const LESS =
  /loss|bpb|bpc|bits|ppl|perplex|err|wer\b|_cer|mse|mae\b|latency|duration|(?:^|_)(?:ms|us|ns|µs|sec|seconds|time)$|µs|size|bytes|cost|alloc|fid\b|kid|regret|exploitab|miss|drawdown/;
const MORE =
  /acc|auc|f1|f05|score|reward|recall|precision|tok|throughput|per_s|fps|qps|rps|mfu|sharpe|return|win|pass|yield|bleu|rouge|iou|map\b|ndcg|r2|corr|similar|coverage|green|quality|success|hit|gain|rate/;

/** Which way is better: as the log says, else as its keeps went, else by the name of the metric. */
export function findDirection(
  name: string,
  said: Direction | undefined,
  rows: readonly { readonly value: number | null; readonly isKeep: boolean }[],
): FoundDirection {
  if (said !== undefined) return { direction: said, because: 'as the log says' };
  let incumbent: number | null = null;
  let [less, more] = [0, 0];
  for (const { value, isKeep } of rows) {
    if (value === null || !isKeep) continue;
    if (incumbent !== null && value < incumbent) less += 1;
    if (incumbent !== null && value > incumbent) more += 1;
    incumbent = value;
  }
  if (less + more >= 2 && less >= 2 * more) return { direction: 'minimize', because: 'its keeps go down' };
  if (less + more >= 2 && more >= 2 * less) return { direction: 'maximize', because: 'its keeps go up' };
  const word = name.toLowerCase();
  if (LESS.test(word)) return { direction: 'minimize', because: 'by its name' };
  if (MORE.test(word)) return { direction: 'maximize', because: 'by its name' };
  return { direction: 'minimize', because: 'which is a guess: --direction maximize for the other way' };
}
