/** Student's t distribution by the incomplete beta function; degrees of freedom may be fractional. */
import { ensure } from './check.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** From here on the normal limit with its 1/df correction is exact to 1e-12, and the continued fraction slow. */
const LARGE_DF = 1e6;

/** P(T <= t) for `df` > 0 degrees of freedom; `df` may be Infinity. */
export function studentCdf(t: number, df: number): number {
  ensure(df > 0, 'the degrees of freedom must be above 0', df);
  return t < 0 ? upperTail(-t, df) : 1 - upperTail(t, df);
}

/** The t with P(T <= t) = p. -Infinity at 0, Infinity at 1, NaN outside. */
export function studentQuantile(p: number, df: number): number {
  ensure(df > 0, 'the degrees of freedom must be above 0', df);
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -upperQuantile(p, df);
  return upperQuantile(1 - p, df);
}

/** The t > 0 with P(T > t) = q, q < 0.5. */
function upperQuantile(q: number, df: number): number {
  if (q === 0) return Infinity;
  let logT = Math.log(-normalQuantile(q));
  // ln tail is concave in ln t, so that after the first step Newton comes down on the root from above.
  for (let i = 0; i < 100; i++) {
    const t = Math.exp(logT);
    const tail = upperTail(t, df);
    // In logs, because far out the tail is a number and the density is not.
    const step = Math.log(tail / q) * Math.exp(Math.log(tail) - logT - logDensity(t, df));
    logT += step;
    if (Math.abs(step) < 1e-15) break;
  }
  return Math.exp(logT);
}

function logDensity(t: number, df: number): number {
  if (df === Infinity) return -0.5 * t * t - 0.5 * Math.log(2 * Math.PI);
  return -0.5 * (df + 1) * logSpread(t / Math.sqrt(df)) - 0.5 * Math.log(df) - logBetaHalf(df / 2);
}

/** ln(1 + u^2), also where u^2 overflows. */
function logSpread(u: number): number {
  return u < 1e8 ? Math.log1p(u * u) : 2 * Math.log(u);
}

/** P(T > t) for t >= 0: half the incomplete beta function I_x(df/2, 1/2) at x = df/(df + t^2). */
function upperTail(t: number, df: number): number {
  if (t === Infinity) return 0;
  if (df > LARGE_DF) return normalCdf(-(t * (1 - 1 / (4 * df))) / Math.sqrt(1 + (t * t) / (2 * df)));
  if (t === 0) return 0.5;
  const a = df / 2;
  const u = t / Math.sqrt(df);
  const x = 1 / (1 + u * u);
  const rest = 1 / (1 + 1 / (u * u));
  const front = Math.exp(-a * logSpread(u) + 0.5 * Math.log(rest) - logBetaHalf(a));
  if (x < (a + 1) / (a + 2.5)) return (0.5 * front * betaFraction(a, 0.5, x)) / a;
  return 0.5 - front * betaFraction(0.5, a, rest);
}

/** ln B(a, 1/2) = ln(sqrt(pi) G(a) / G(a + 1/2)): shifted up to a >= 20, where the series in 1/a has 15 digits. */
function logBetaHalf(a: number): number {
  let shift = 0;
  let x = a;
  for (; x < 20; x++) shift += Math.log1p(0.5 / x);
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (-1 / 8 + square * (1 / 192 + square * (-1 / 640 + square * (17 / 14336))));
  return 0.5 * Math.log(Math.PI) - 0.5 * Math.log(x) - series + shift;
}

/** The continued fraction of the incomplete beta function, evaluated from the front with guarded ratios. */
function betaFraction(a: number, b: number, x: number): number {
  const guard = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let upper = 1;
  let lower = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let value = lower;
  for (let m = 1; m <= 20_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    lower = 1 / guard(1 + even * lower);
    upper = guard(1 + even / upper);
    value *= lower * upper;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    lower = 1 / guard(1 + odd * lower);
    upper = guard(1 + odd / upper);
    const factor = lower * upper;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return value;
}
