import type { SettledExperiment, Verdict } from '../../src/experiment.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { makeExperiment, makeTrial } from '../../src/testing/records.ts';

const TITLES = [
  'embedding LR 0.6 to 0.8',
  'WARMDOWN_RATIO 0.5 → 0.4',
  'use relu squared in the MLP',
  'weight decay 0.1 → 0.05 for matrices only, with a longer warmup',
  'HEADS 6 → 8',
  'rotary base 10000 → 200000',
  'drop the bias of the last layer',
  'batch 32 to 48',
];
const CODES: readonly (readonly [Verdict, string])[] = [
  ['discard', 'NO_GAIN'],
  ['discard', 'HOPELESS'],
  ['discard', 'NO_GAIN'],
  ['keep', 'IMPROVED'],
  ['crash', 'TRIAL_FAILED'],
  ['discard', 'NO_GAIN'],
  ['review', 'ASK'],
  ['discard', 'NO_CHANGE'],
];

/** A record such as a night has: most are discards with an estimate, some crash, some changed nothing. */
export function experimentOf(id: number, commit: string, run: string): SettledExperiment {
  const [verdict, code] = CODES[id % CODES.length] ?? ['discard', 'NO_GAIN'];
  const isMeasured = verdict !== 'crash' && code !== 'NO_CHANGE';
  const delta = Math.sin(id) / 100;
  const estimate = {
    effect: delta / 2,
    low: delta - 0.0123456,
    high: delta + 0.00987654,
    pGain: 0.5 + Math.cos(id) / 2.1,
    n: 2,
    method: 'posterior-2',
  };
  const gate = { gate: 'posterior', outcome: 'fail', code, reason: 'no gain', estimate } as const;
  const usage =
    id % 3 === 0 ? {} : { usage: { inputTokens: 9000 + ((id * 37) % 5000), outputTokens: 800, usd: 0.0123 + (id % 17) / 1000 } };
  const base = makeExperiment({ id, verdict });
  return {
    ...base,
    run,
    parent: commit,
    candidate: code === 'NO_CHANGE' ? null : commit,
    reason: { code, text: 'as it was' },
    proposal: { ...base.proposal, title: TITLES[id % TITLES.length] ?? '', agent: id % 3 === 0 ? 'search' : 'claude-code', ...usage },
    trials: isMeasured ? [makeTrial({ commit, slot: `cuda:${id % 4}` })] : [],
    score: isMeasured ? { value: 0.9755123 + delta, spread: 0.001, n: 2 } : null,
    delta: isMeasured ? delta : null,
    judgements: isMeasured ? [gate] : [],
    seconds: 240 + ((id * 7919) % 120) + 0.123,
  };
}

/** Writes a run of so many experiments into a repository's ledger. */
export async function writeSyntheticLedger(dir: string, run: string, count: number): Promise<void> {
  const { git } = await openRepository(dir);
  const commit = (await git.run(['rev-parse', 'HEAD'])).trim();
  const ledger = new Ledger(git, run, { label: 'val_bpb', direction: 'minimize' }, null);
  try {
    for (let id = 0; id < count; id++) await ledger.append(experimentOf(id, commit, run));
  } finally {
    ledger.close();
  }
}
