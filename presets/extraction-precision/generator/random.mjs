/** A seeded generator of random choices: the same seed gives the same documents on every machine. */
export function createRandom(seed) {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (count) => Math.floor(unit() * count);
  return {
    unit,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (share) => unit() < share,
    pick: (list) => list[below(list.length)],
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
    letters: (count) => Array.from({ length: count }, () => 'ABCDEFGHJKLMNPRSTUVWXYZ'[below(23)]).join(''),
  };
}
