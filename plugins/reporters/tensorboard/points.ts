import type { Audit, SettledExperiment } from '../../../src/plugin.ts';
import { millis, noteOf, numbersOf, plain, safeName } from '../_delivery/facts.ts';
import type { Point } from './frames.ts';

/** Points of a curve are at whole steps: thousandths of the budget. */
const CURVE_STEPS = 1000;

export function experimentPoints(experiment: SettledExperiment): Point[] {
  const { id, verdict, score, settledAt } = experiment;
  const seconds = millis(settledAt) / 1000;
  const at = (tag: string, value: number | string) => ({ tag, step: id, seconds, value });
  return [
    ...Object.entries(numbersOf(experiment)).map(([name, value]) => at(name === 'score' ? name : `metric/${safeName(name)}`, value)),
    ...(verdict === 'keep' && score !== null ? [at('incumbent', score.value)] : []),
    at(`experiment/${verdict}`, noteOf(experiment)),
  ];
}

export function auditPoints({ at: when, final, claim, text }: Audit): Point[] {
  const seconds = millis(when) / 1000;
  const at = (tag: string, value: number | string) => ({ tag, step: final.id, seconds, value });
  return [at('audit/change', claim.value), at('audit/low', claim.low), at('audit/high', claim.high), at('audit', plain(text))];
}

/** The curves of the first trial that has some. */
export function curvePoints({ trials }: SettledExperiment): Point[] {
  const trial = trials.find(({ curves }) => curves !== undefined && Object.keys(curves).length > 0);
  if (trial === undefined) return [];
  const seconds = millis(trial.startedAt) / 1000;
  return Object.entries(trial.curves ?? {}).flatMap(([name, curve]) =>
    curve.map(([share, value]) => ({
      tag: `curve/${safeName(name)}`,
      step: Math.round(share * CURVE_STEPS),
      seconds: seconds + share * trial.seconds,
      value,
    })),
  );
}
