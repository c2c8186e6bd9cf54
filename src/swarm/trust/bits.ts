/** Sets of small whole numbers, a bit each. */
export type Bits = Uint32Array;

export const NONE: Bits = new Uint32Array(0);

export function withBit(bits: Bits, bit: number): Bits {
  const word = bit >>> 5;
  const copy = new Uint32Array(Math.max(bits.length, word + 1));
  copy.set(bits);
  copy[word] = (copy[word] ?? 0) | (1 << (bit & 31));
  return copy;
}

export function union(a: Bits, b: Bits): Bits {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const copy = Uint32Array.from(long);
  for (let i = 0; i < short.length; i++) copy[i] = (copy[i] ?? 0) | (short[i] ?? 0);
  return copy;
}

/** Those in `a` that are not in `b`, in rising order. */
export function without(a: Bits, b: Bits): number[] {
  const found: number[] = [];
  for (let i = 0; i < a.length; i++) {
    let word = (a[i] ?? 0) & ~(b[i] ?? 0);
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      found.push(i * 32 + bit);
      word &= word - 1;
    }
  }
  return found;
}

export function overlap(a: Bits, b: Bits): boolean {
  return a.some((word, i) => (word & (b[i] ?? 0)) !== 0);
}
