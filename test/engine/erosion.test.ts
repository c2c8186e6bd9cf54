import { expect, it } from 'vitest';
import audit from '../../plugins/gates/audit/index.ts';
import guardrail from '../../plugins/gates/guardrail/index.ts';
import { RunState } from '../../src/model/run-state.ts';
import type { Item, SettledExperiment } from '../../src/experiment.ts';
import type { AuditOccasion, Gate, Judgement, RunView } from '../../src/plugin.ts';
import { createGenerator, type Generator } from '../../src/stats.ts';
import { makeContext, makeExperiment, makeTrial } from '../../src/testing.ts';

const ITEMS = 3000;
const CANDIDATES = 40;
const MARGIN = 0.01;
/** Of all items, how many a candidate breaks and how many it fixes: it is worse by the difference. */
const FIXED = 0.001;
const WORSE = 0.0015;
const START = 0.02;

/** Both answers to each item, made once, because nights need them millions of times. */
const TABLE = Array.from({ length: ITEMS }, (_, index) => [0, 1].map((value): Item => Object.freeze({ id: `i${index}`, value })));

/** Which items fail. */
type Answers = Uint8Array;

const begin = (random: Generator): Answers => Uint8Array.from({ length: ITEMS }, () => (random.unit() < START ? 1 : 0));

/** The same items after one more candidate, which is worse by `worse` of all items on average. */
function change(before: Answers, worse: number, random: Generator): Answers {
  const failing = before.reduce((sum, value) => sum + value, 0);
  const fix = Math.min(1, (FIXED * ITEMS) / Math.max(1, failing));
  const breaks = ((FIXED + worse) * ITEMS) / (ITEMS - failing);
  return before.map((value) => (random.unit() < (value === 1 ? fix : breaks) ? 1 - value : value));
}

const trialOf = (answers: Answers) =>
  makeTrial({
    metrics: { errors: 0, score: 1 },
    items: { errors: Array.from(answers).flatMap((value, index) => TABLE[index]?.[value] ?? []) },
  });

const guardOf = (): Gate => {
  const defaults = {
    reference: 'anchor',
    alpha: 0.05,
    minItems: 300,
    quantile: 0.95,
    resamples: 2000,
    failsWhen: 1,
    flakeRetries: 2,
  } as const;
  return guardrail.create({ ...defaults, metric: 'errors', test: 'ni-paired-binary', worse: 'higher', margin: MARGIN }, makeContext());
};
const auditOf = (): Gate => audit.create({ everyKeeps: 5, atEnd: true, runs: 2, transform: 'none', onFail: 'rollback' }, makeContext());

interface Night {
  /** How much worse the last commit is in truth, as a rate. */
  readonly degradation: number;
  readonly accepted: number;
}

/** Every candidate has a better score and answers a little worse; what is kept is up to the guard and the audits. */
async function playNight(seed: number, { worse, audited }: { worse: number; audited: boolean }): Promise<Night> {
  const random = createGenerator(seed, 11);
  const state = new RunState({ name: 'night', seed, objective: { label: 'score', direction: 'minimize' }, budget: {} });
  const [guard, gate] = [guardOf(), auditOf()];
  const answers = new Map<string, Answers>([['c0', begin(random)]]);
  const steps = new Map<string, number>([['c0', 0]]);
  const ask = async (trials: SettledExperiment['trials'], run: RunView = state.view): Promise<Judgement> => {
    const judged = await guard.judge?.(makeExperiment({ state: 'scored', id: state.nextId, trials }), run);
    if (judged === undefined) throw new Error('no judgement');
    return { gate: 'guardrail', ...judged };
  };
  const settle = (candidate: string, verdict: 'keep' | 'discard') =>
    state.settle(
      makeExperiment({
        id: state.nextId,
        candidate,
        parent: state.incumbent?.candidate ?? 'c0',
        trials: [trialOf(answers.get(candidate) ?? begin(random))],
        verdict,
      }),
    );
  settle('c0', 'keep');

  const runAudit = async (at: AuditOccasion['at']) => {
    const { incumbent: final, anchor, confirmed } = state;
    if (!audited || !final || !anchor || !confirmed || final.id === anchor.id) return;
    // Items of its own for each audit, on which the line of keeps is as much worse as everywhere.
    const before = begin(random);
    let after = before;
    for (let step = 0; step < (steps.get(final.candidate ?? '') ?? 0); step++) after = change(after, worse, random);
    const fresh = { anchor: trialOf(before), final: trialOf(after) };
    const since = state.audits.at(-1)?.final.id ?? anchor.id;
    const occasion: AuditOccasion = {
      at,
      final,
      anchor,
      confirmed,
      keeps: state.history.filter(({ id, verdict }) => verdict === 'keep' && id > since).length,
      measure: async (commit) => (commit === anchor.candidate ? fresh.anchor : fresh.final),
      score: async () => ({ value: 1, spread: 0, n: 1 }),
      guard: async (trials, anchorTrials) => [await ask(trials, state.withAnchor({ ...anchor, trials: anchorTrials }))],
    };
    const found = await gate.audit?.(occasion, state.view);
    if (found === undefined) return;
    const nameOf = ({ id, candidate }: SettledExperiment) => ({ id, commit: candidate ?? '' });
    state.settleAudit({
      ...found,
      at: '',
      occasion: at,
      final: nameOf(final),
      anchor: nameOf(anchor),
      ...(found.rolledBack && { back: nameOf(confirmed) }),
      trials: { final: [], anchor: [] },
    });
  };

  let accepted = 0;
  for (let number = 1; number <= CANDIDATES; number++) {
    const parent = state.incumbent?.candidate ?? '';
    const candidate = `c${number}`;
    answers.set(candidate, change(answers.get(parent) ?? begin(random), worse, random));
    steps.set(candidate, (steps.get(parent) ?? 0) + 1);
    const { outcome } = await ask([trialOf(answers.get(candidate) ?? begin(random))]);
    settle(candidate, outcome === 'pass' ? 'keep' : 'discard');
    if (outcome !== 'pass') continue;
    accepted++;
    await runAudit('keeps');
  }
  await runAudit('end');
  return { degradation: worse * (steps.get(state.incumbent?.candidate ?? '') ?? 0), accepted };
}

async function playNights(nights: number, options: { worse: number; audited: boolean }) {
  const played: Night[] = [];
  for (let seed = 0; seed < nights; seed++) played.push(await playNight(seed, options));
  return {
    over: played.filter(({ degradation }) => degradation > MARGIN + 1e-9).length / nights,
    mean: played.reduce((sum, { degradation }) => sum + degradation, 0) / nights,
    accepted: played.reduce((sum, { accepted }) => sum + accepted, 0) / nights,
  };
}

it('forty small losses do not get past a guard against a frozen anchor with audits on fresh items', async () => {
  const guarded = await playNights(150, { worse: WORSE, audited: true });
  expect(guarded.over).toBeLessThanOrEqual(0.02);
  // The same items for every candidate are overfitted, so that the guard alone is not enough.
  const alone = await playNights(20, { worse: WORSE, audited: false });
  expect(alone.over).toBeGreaterThan(0.5);
});

it('harmless candidates get past them', async () => {
  const { accepted, over } = await playNights(10, { worse: 0, audited: true });
  expect(accepted).toBeGreaterThan(0.8 * CANDIDATES);
  expect(over).toBe(0);
});
