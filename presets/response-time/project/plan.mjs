// PROTECTED: which requests are sent, and in which order.

const WARM_UP = 100;
/** Requests sent for each one there is: the first of them all, the others as often as their place says. */
const REPEATS = 1;

/** Every request once, as many again of the more frequent ones, shuffled; the same for the same seed. */
export function makePlan(requests, seed) {
  const random = createRandom(seed);
  const pick = () => requests[Math.floor(random() ** 2 * requests.length)];
  const measured = [...requests, ...Array.from({ length: REPEATS * requests.length }, pick)];
  for (let at = measured.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [measured[at], measured[other]] = [measured[other], measured[at]];
  }
  return { warmUp: Array.from({ length: WARM_UP }, pick), measured };
}

/** A small seeded generator (mulberry32). */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
