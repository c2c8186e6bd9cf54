/** Dense linear algebra for small systems, in row-major arrays. */
export type Matrix = readonly Float64Array[];

export function zeros(size: number): Float64Array[] {
  return Array.from({ length: size }, () => new Float64Array(size));
}

/** The lower triangle L with L·Lᵀ = the matrix, which must be symmetric and positive definite. */
export function cholesky(matrix: Matrix): Matrix {
  const lower = zeros(matrix.length);
  lower.forEach((row, i) => {
    for (let j = 0; j <= i; j += 1) {
      const other = lower[j] ?? row;
      let sum = matrix[i]?.[j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] ?? 1);
    }
  });
  return lower;
}

/** Solves L·x = right. */
export function solveLower(lower: Matrix, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  lower.forEach((row, i) => {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (row[k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (row[i] ?? 1);
  });
  return x;
}

/** Solves Lᵀ·x = right. */
export function solveUpper(lower: Matrix, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let i = lower.length - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < lower.length; k += 1) sum -= (lower[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i]?.[i] ?? 1);
  }
  return x;
}
