// A made-up catalogue of spare parts for bicycles: what the service answers from.
import { createRandom } from './random.mjs';

const KINDS = ['brake pad', 'brake disc', 'chain', 'cassette', 'chainring', 'derailleur', 'shifter', 'bottom bracket', 'headset', 'hub', 'rim', 'spoke set', 'tyre', 'inner tube', 'saddle', 'seatpost', 'handlebar', 'stem', 'grip', 'pedal', 'crank', 'fork', 'light', 'bell', 'rack', 'mudguard', 'lock', 'pump']; // prettier-ignore
const MAKERS = ['Arco', 'Belvia', 'Corda', 'Dunmore', 'Estrel', 'Fenwick', 'Galant', 'Halden', 'Istria', 'Jorvik'];
const WORDS = ['light', 'steel', 'alloy', 'carbon', 'wide', 'narrow', 'sealed', 'hollow', 'forged', 'trekking', 'city', 'road', 'gravel', 'touring', 'cargo', 'junior', 'tubeless', 'ceramic', 'resin', 'sintered', 'silent', 'winter', 'reflective', 'black', 'silver', 'red', 'quick release', 'thru axle', 'mechanical', 'hydraulic', 'eleven speed', 'ten speed', 'nine speed', 'internal', 'floating', 'ergonomic', 'gel', 'waterproof', 'rustproof', 'folding']; // prettier-ignore
const MODELS = Array.from({ length: 60 }, (_, index) => `M${String(100 + index)}`);

export function createParts(seed, count) {
  const random = createRandom(seed);
  const some = (list, least, most) => [...new Set(Array.from({ length: least + random.below(most - least + 1) }, () => random.pick(list)))];
  return Array.from({ length: count }, (_, index) => {
    const kind = random.pick(KINDS);
    const tags = some(WORDS, 3, 8);
    const maker = random.pick(MAKERS);
    return {
      id: `P${String(10_000 + index)}`,
      name: `${maker} ${tags.slice(0, 2).join(' ')} ${kind}`,
      text: `${kind} for ${some(WORDS, 6, 14).join(', ')}; ${tags.join(', ')}`,
      kind,
      maker,
      tags,
      fits: some(MODELS, 2, 14),
      cents: 300 + random.below(20_000),
      stock: random.below(200),
    };
  });
}

/** Requests as a day has them: some things are asked for far more often than others. `prefix` keeps the ids of two sets apart. */
export function createRequests(parts, { seed, count, prefix }) {
  const random = createRandom(seed);
  const part = () => parts[Math.floor(random.next() ** 3 * parts.length)];
  const get = (path) => ({ method: 'GET', path });
  const makers = {
    part: () => get(`/parts/${part().id}`),
    search: () => {
      const { kind, tags } = part();
      const words = [random.pick(kind.split(' ')), ...(random.chance(0.7) ? [random.pick(tags)] : [])].join(' ');
      return get(`/search?q=${encodeURIComponent(words)}&limit=${random.pick([5, 10, 20])}`);
    },
    fits: () => get(`/fits?model=${random.pick(MODELS)}&page=${random.below(4)}`),
    related: () => get(`/related/${part().id}`),
    quote: () => {
      const lines = Array.from({ length: 1 + random.below(12) }, () => ({ id: part().id, quantity: 1 + random.below(30) }));
      return { method: 'POST', path: '/quote', body: JSON.stringify({ customer: random.pick(['shop', 'fleet', 'walk-in']), lines }) };
    },
  };
  return Array.from({ length: count }, (_, index) => {
    const route = random.weighted({ part: 0.34, search: 0.26, fits: 0.14, related: 0.12, quote: 0.14 });
    const made = random.chance(0.02) ? get(`/parts/P${random.below(9999)}`) : makers[route]();
    return { id: `${route}-${prefix}${String(index)}`, ...made };
  });
}
