/** A run that knows its noise: repeats, estimates, beliefs, controls, a drift, curves and audits; the same seed gives the same run. */
import { deepFreeze, type Curve, type SettledExperiment, type Trial } from '../../src/experiment.ts';
import type { AuditRecord } from '../../src/ledger/records.ts';
import { makeExperiment, makeTrial } from '../../src/testing.ts';
import { syntheticRun } from './synthetic.ts';

const SIGMA = 0.0012;
const ideas = syntheticRun(64, 3).map(({ proposal }) => proposal);

function normals(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

const commitOf = (id: number): string => (id + 1).toString(16).padStart(2, '0').repeat(20);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const curveTo = (score: number): Curve => [0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1].map((share) => [share, score + 0.9 * (1 - share) ** 3]);

interface Standing {
  readonly id: number;
  readonly score: number;
  readonly truth: number;
}

export interface NoisyRun {
  readonly experiments: readonly SettledExperiment[];
  readonly audits: readonly AuditRecord[];
  /** Of the control that found the drift, and of the keeps that were rolled back. */
  readonly drift: number;
  readonly undone: readonly number[];
}

/** Controls every 10 experiments; an audit after the third keep, one that rolls back the sixth to the third, and one at the end. */
export function noisyRun(count = 60, sign: 1 | -1 = 1): NoisyRun {
  const normal = normals(11);
  const experiments: SettledExperiment[] = [];
  const audits: AuditRecord[] = [];
  const undone: number[] = [];
  const keeps: Standing[] = [];
  let drift = -1;
  let shift = 0;
  let belief = 2.013;
  for (let id = 0; id < count; id++) {
    const incumbent = keeps.at(-1) ?? null;
    const isControl = id > 0 && id % 10 === 0;
    if (id === 40) shift = 0.009;
    const isDrift = isControl && shift > 0 && drift < 0;
    const effect = incumbent === null || isControl ? 0 : normal() * 0.005 + (id % 3 === 0 ? -0.012 : 0.006);
    const truth = (incumbent?.truth ?? 2.013) + effect;
    const n = id === 0 || isDrift ? 3 : id % 3 === 0 ? 2 : 1;
    const scores = Array.from({ length: n }, () => truth + shift + SIGMA * normal());
    const score = mean(scores);
    const delta = incumbent === null ? null : score - incumbent.score;
    const shrunken = delta === null ? 0 : (score - belief) * 0.8;
    const keep = id === 0 || (!isControl && shrunken < -0.0006);
    if (isDrift) {
      drift = id;
      belief = score;
    } else if (keep) belief += id === 0 ? score - 2.013 : shrunken;
    const half = (2 * SIGMA) / Math.sqrt(n);
    const trials = scores.map((value, index) => trialOf(id, index, sign * value));
    experiments.push(
      deepFreeze({
        ...makeExperiment({ id, run: 'jan31' }),
        kind: isControl ? 'control' : id === 0 ? 'baseline' : 'change',
        basis: { incumbent: incumbent?.id ?? null, commit: commitOf(incumbent?.id ?? 0) },
        candidate: isControl ? commitOf(incumbent?.id ?? 0) : commitOf(id),
        parent: commitOf(incumbent?.id ?? 0),
        proposal: isControl
          ? { title: 'control', hypothesis: '', rationale: '', risks: [], agent: 'engine', source: 'engine' }
          : (ideas[id] ?? makeExperiment().proposal),
        trials,
        metrics: { val_bpb: sign * score, peak_memory_mb: 39_000 + Math.round(900 * normal() + 600 * keeps.length) },
        score: { value: sign * score, spread: n > 1 ? SIGMA : 0, n },
        verdict: keep ? 'keep' : 'discard',
        reason: reasonOf(id, keep, isControl, isDrift),
        delta: delta === null ? null : sign * delta,
        incumbent: incumbent === null ? null : { id: incumbent.id, score: sign * incumbent.score },
        judgements:
          delta === null || isControl
            ? []
            : [
                {
                  gate: 'posterior',
                  outcome: keep ? 'pass' : 'fail',
                  code: keep ? 'BETTER' : 'NOT_BETTER',
                  reason: keep ? 'believed better' : 'not believed better',
                  evidence: {
                    scores: scores.map((value) => sign * value),
                    sigma: SIGMA,
                    df: 4,
                    prior: { weights: [0.2, 0.35, 0.25, 0.2], scales: [3, 12, 1.2] },
                  },
                  estimate: {
                    effect: sign * shrunken,
                    low: Math.min(sign * (shrunken - half), sign * (shrunken + half)),
                    high: Math.max(sign * (shrunken - half), sign * (shrunken + half)),
                    pGain: keep ? 0.93 : 0.04,
                    n,
                    method: 'posterior/1',
                  },
                  belief: { mean: sign * belief, sd: SIGMA / 2 },
                },
              ],
        seconds: 310 * n,
      }),
    );
    if (keep) keeps.push({ id, score, truth });
    if (isDrift && incumbent !== null) keeps.push({ ...(keeps.pop() ?? incumbent), score });
    if (keep && keeps.length === 4) audits.push(auditOf(id, keeps, sign, {}));
    if (keep && keeps.length === 7 && undone.length === 0) {
      const back = keeps[3];
      if (back === undefined) throw new Error('the run has too few keeps');
      audits.push(
        auditOf(id, keeps, sign, { rolledBack: true, back: { id: back.id, commit: commitOf(back.id) }, failures: ['recall fell by 2 pp'] }),
      );
      undone.push(...keeps.splice(4).map((kept) => kept.id));
      belief = back.truth;
    }
  }
  audits.push(auditOf(count - 1, keeps, sign, { occasion: 'end' }));
  return { experiments, audits, drift, undone };
}

function trialOf(id: number, index: number, score: number): Trial {
  return makeTrial({
    index,
    seed: 1 + index,
    commit: commitOf(id),
    seconds: 300,
    metrics: { val_bpb: score },
    curves: { train_bpb: curveTo(score) },
  });
}

function reasonOf(id: number, keep: boolean, isControl: boolean, isDrift: boolean): SettledExperiment['reason'] {
  if (id === 0) return { code: 'BASELINE', text: 'the starting point' };
  if (isDrift) return { code: 'DRIFT', text: 'the machine or the data has changed; the run goes on from the new figure' };
  if (isControl) return { code: 'CONTROL', text: 'no drift' };
  return keep ? { code: 'BETTER', text: 'believed better' } : { code: 'NOT_BETTER', text: 'not believed better' };
}

function auditOf(after: number, keeps: readonly Standing[], sign: number, partial: Partial<AuditRecord['audit']>): AuditRecord {
  const [anchor, final] = [keeps[0], keeps.at(-1)];
  if (anchor === undefined || final === undefined) throw new Error('nothing to audit');
  const value = final.truth - anchor.truth;
  const ends = [sign * (value - 0.003), sign * (value + 0.003)].sort((a, b) => a - b);
  const trials = (id: number): Trial[] => [0, 1, 2].map((index) => trialOf(id, index, sign * 2));
  return deepFreeze({
    v: 1,
    kind: 'audit',
    after,
    audit: {
      at: '2026-02-01T04:30:00.000Z',
      occasion: 'keeps',
      final: { id: final.id, commit: commitOf(final.id) },
      anchor: { id: anchor.id, commit: commitOf(anchor.id) },
      trials: { final: trials(final.id), anchor: trials(anchor.id) },
      claim: { value: sign * value, low: ends[0] ?? 0, high: ends[1] ?? 0, df: 4, shown: 'gain' },
      raw: sign * (final.score - anchor.score),
      failures: [],
      rolledBack: false,
      text: 'Three fresh trials of each side.',
      ...partial,
    },
  });
}
