/**
 * The standard normal distribution, exact far into both tails.
 * Near the middle a power series (all terms positive), beyond 2 the continued fraction of Laplace.
 */
const LN_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
const TAIL_FROM = 2;

/** The density phi(z). */
export function normalPdf(z: number): number {
  return Math.exp(-0.5 * z * z - LN_SQRT_2PI);
}

/** Phi(z) = P(Z <= z), with full relative precision in the lower tail. */
export function normalCdf(z: number): number {
  return z < 0 ? upperTail(-z) : 1 - upperTail(z);
}

/** ln Phi(z), exact where Phi(z) itself is 0 or 1 in floating point. */
export function normalLogCdf(z: number): number {
  if (z >= 0) return Math.log1p(-upperTail(z));
  if (z > -TAIL_FROM) return Math.log(upperTail(-z));
  if (z === -Infinity) return -Infinity;
  return -Math.log(-z + tailFraction(-z).first) - 0.5 * z * z - LN_SQRT_2PI;
}

/** phi(z) / Phi(z), the reversed hazard rate; grows like -z in the lower tail. */
export function normalHazard(z: number): number {
  if (z > -TAIL_FROM) return normalPdf(z) / normalCdf(z);
  return -z + tailFraction(-z).first;
}

/** The complementary error function, 1 - erf(x). */
export function erfc(x: number): number {
  return 2 * normalCdf(-x * Math.SQRT2);
}

/** The z with Phi(z) = p. -Infinity at 0, Infinity at 1, NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  const target = Math.log(p);
  // Phi(z) <= exp(-z^2/2)/2 puts this start below the root, and ln Phi is concave, so that Newton climbs without overshoot.
  let z = -Math.sqrt(-2 * Math.log(2 * p));
  for (let i = 0; i < 60; i++) {
    const step = (target - normalLogCdf(z)) / normalHazard(z);
    z += step;
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}

/**
 * Mean and variance of N(a, 1) given that it is positive: a + lam and 1 - lam (lam + a) with lam = phi(a)/Phi(a).
 * In the lower tail both come from the continued fraction, because the plain differences lose all their digits there.
 */
export function positiveNormal(a: number): { readonly mean: number; readonly variance: number } {
  if (a > -TAIL_FROM) {
    const lam = normalHazard(a);
    return { mean: a + lam, variance: 1 - lam * (lam + a) };
  }
  const { first, second } = tailFraction(-a);
  return { mean: first, variance: (second - first) * first };
}

/** P(Z > z) for z >= 0. */
function upperTail(z: number): number {
  if (z >= TAIL_FROM) return z > 40 ? 0 : normalPdf(z) / (z + tailFraction(z).first);
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - normalPdf(z) * sum;
}

/** phi(z)/P(Z > z) = z + first, where first = 1/(z + second) and second = 2/(z + 3/(z + 4/(z + ...))). */
function tailFraction(z: number): { readonly first: number; readonly second: number } {
  let second = 0;
  // As many terms as 16 digits take: the further out, the fewer.
  for (let k = Math.ceil(12 + 440 / (z * z)); k >= 2; k--) second = k / (z + second);
  return { first: 1 / (z + second), second };
}
