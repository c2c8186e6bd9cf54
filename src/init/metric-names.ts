/** What the names of figures say: which way is better, and whether one is a result at all. */
import type { Direction } from '../experiment.ts';

const HIGHER =
  /acc|f1|auc|\br2\b|r_?squared|score|reward|return|bleu|rouge|\bmap\b|ndcg|precision|recall|throughput|per.?sec|\bops\b|\bqps\b|\brps\b|\/s\b|iou|dice|speedup|hits?\b|hit.?rate|correct|mrr|wins?\b|elo\b|fps|bandwidth|gflops|coverage|match/i;
const LOWER =
  /loss|err|rmse|\bmse\b|\bmae\b|mape|bpb|perplexity|\bppl\b|time|\bms\b|_ms|millis|seconds|secs?\b|latency|duration|elapsed|\bns\b|ns\/op|_us\b|memory|\bmb\b|_mb|rss|size|bytes|cost|\bwer\b|\bcer\b|brier|p\d\d\b|misses|cycles|instructions|swaps|comparisons|price|distance|regret/i;
/** Counters, settings and identifiers. */
const NO_RESULT =
  /^(epochs?|steps?|iter(ation)?s?|seed|fold|run|trial|n|n_?\w*|num_?\w*|count|samples|rows|cols|columns|items|features|classes|version|port|pid|lr|learning.?rate|batch(.?size)?|device|threads?|workers|params?|parameters|year|date|time|line|id|index|total|elements|points|entries|records|docs|tokens?|words|lines|rounds?|repeats?|warm.?up|size|length|dim|depth|width|gpu|cpu|epoch time|eta|checksum)$/i;

export function directionOf(name: string): Direction | null {
  // log_loss_score and accuracy_error: what comes last says what it is.
  const last = name.split(/[\s_./-]+/).at(-1) ?? name;
  for (const text of [last, name]) {
    if (LOWER.test(text)) return 'minimize';
    if (HIGHER.test(text)) return 'maximize';
  }
  return null;
}

/** How likely a figure of this name is what is to be improved; 0 for what is no result. */
export function weightOfMetric(name: string): number {
  if (NO_RESULT.test(name)) return /^time$/i.test(name) ? 2 : 0;
  const direction = directionOf(name);
  const held = /val|valid|test|held|dev|cv|oof|mean|avg|median|best|final/i.test(name) ? 3 : 0;
  const train = /train/i.test(name) ? -2 : 0;
  const isTiming = /time|\bms\b|_ms|sec|latency|duration|elapsed|memory|mb|rss/i.test(name);
  const quality = direction === null ? 1 : isTiming ? 4 : 6;
  return Math.max(1, quality + held + train);
}
