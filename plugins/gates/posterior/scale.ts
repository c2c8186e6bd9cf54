import { ReasonError, type Direction } from '../../../src/plugin.ts';

/** The scale the statistics work on, where lower is better: the score itself, its negative, or a logarithm of it. */
export interface Scale {
  of(score: number): number;
  /** A standard deviation of scores around `score`, on this scale. */
  spreadOf(spread: number, score: number): number;
  /** The change of the score that a change of this scale from `from` is. */
  changeOf(effect: number, from: number): number;
  scoreOf(value: number): number;
  /** A standard deviation around `value` of this scale, in units of the score. */
  deviationOf(sd: number, value: number): number;
}

export function createScale(direction: Direction, transform: 'none' | 'log'): Scale {
  const sign = direction === 'minimize' ? 1 : -1;
  // Not `sign * value`, which makes a zero negative.
  const turn = (value: number) => (sign === 1 ? value : 0 - value);
  if (transform === 'none') {
    return { of: turn, spreadOf: (spread) => spread, changeOf: (effect) => turn(effect), scoreOf: turn, deviationOf: (sd) => sd };
  }
  const scoreOf = (value: number) => Math.exp(turn(value));
  return {
    of(score) {
      if (score > 0) return turn(Math.log(score));
      throw new ReasonError('SCORE_NOT_POSITIVE', `the logarithm of the score was asked for, and the score is ${score}`);
    },
    spreadOf: (spread, score) => spread / score,
    changeOf: (effect, from) => scoreOf(from) * Math.expm1(turn(effect)),
    scoreOf,
    deviationOf: (sd, value) => scoreOf(value) * sd,
  };
}
