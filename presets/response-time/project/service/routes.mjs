import { setImmediate as turn } from 'node:timers/promises';
import { PICK_BY, YIELD_AFTER_MS, YIELD_CHECK } from './settings.mjs';
import { wordsOf } from './store.mjs';

const PAGE = 20;
const RELATED = 8;
const DISCOUNT = { shop: 0.12, fleet: 0.08, 'walk-in': 0 };

/** What is answered, by method and first word of the path; undefined is 404, text is JSON already. */
export function createRoutes(store) {
  return {
    'GET parts': ({ id }) => {
      const part = store.find(id);
      return part && store.toJson(part);
    },
    'GET search': ({ query }) => search(store, query),
    'GET fits': ({ query }) => fits(store, query),
    'GET related': ({ id }) => related(store, id),
    'POST quote': ({ body }) => quote(store, body),
  };
}

async function search(store, query) {
  const words = query.get('q').toLowerCase().split(/\s+/);
  const hits = [];
  await goThrough(store.withWords(words), (part) => {
    const [inName, inText] = [wordsOf(part.name), wordsOf(part.text)];
    let points = 0;
    for (const word of words) points += (inName.includes(word) ? 3 : 0) + (inText.includes(word) ? 1 : 0);
    if (points > 0) hits.push({ part, points });
  });
  const order = (a, b) => b.points - a.points || a.part.cents - b.part.cents || (a.part.id < b.part.id ? -1 : 1);
  const best = pick(hits, Number(query.get('limit')), order);
  return { total: hits.length, hits: best.map(({ part, points }) => ({ ...brief(part), points })) };
}

async function fits(store, query) {
  const model = query.get('model');
  const all = [];
  const kinds = {};
  await goThrough(store.parts, (part) => {
    if (part.stock === 0 || !part.fits.includes(model)) return;
    all.push(part);
    kinds[part.kind] = (kinds[part.kind] ?? 0) + 1;
  });
  const from = Number(query.get('page')) * PAGE;
  const first = pick(all, from + PAGE, (a, b) => a.cents - b.cents || (a.id < b.id ? -1 : 1));
  return { total: all.length, kinds, parts: first.slice(from).map(brief) };
}

async function related(store, id) {
  const part = store.find(id);
  if (part === undefined) return undefined;
  const likely = [];
  await goThrough(store.withTags(part.tags), (other) => {
    const shared = other.tags.filter((tag) => part.tags.includes(tag)).length;
    const likeness = (shared / new Set([...other.tags, ...part.tags]).size) * (other.kind === part.kind ? 2 : 1);
    if (other !== part && likeness > 0) likely.push({ other, likeness });
  });
  const best = pick(likely, RELATED, (a, b) => b.likeness - a.likeness || (a.other.id < b.other.id ? -1 : 1));
  return { id, related: best.map(({ other }) => brief(other)) };
}

function quote(store, { customer, lines }) {
  const priced = lines.map(({ id, quantity }) => {
    const { cents, stock } = store.find(id);
    const volume = Math.min(0.05, Math.floor(quantity / 10) * 0.01);
    const total = Math.round(cents * quantity * (1 - volume) * (1 - DISCOUNT[customer]));
    return { id, quantity, total, inStock: stock >= quantity };
  });
  const net = priced.reduce((sum, { total }) => sum + total, 0);
  const tax = Math.round(net * 0.19);
  return { customer, lines: priced, net, tax, gross: net + tax };
}

function brief({ id, name, cents, stock }) {
  return { id, name, cents, inStock: stock > 0 };
}

/** Looks at every part, and lets other requests have their turn where the settings say so. */
async function goThrough(parts, look) {
  let started = performance.now();
  for (let at = 0; at < parts.length; at += 1) {
    look(parts[at]);
    if (YIELD_AFTER_MS > 0 && at % YIELD_CHECK === 0 && performance.now() - started > YIELD_AFTER_MS) {
      await turn();
      started = performance.now();
    }
  }
}

/** The first `count` in order. */
function pick(list, count, order) {
  if (PICK_BY === 'sort') return [...list].sort(order).slice(0, count);
  const best = [];
  for (const each of list) {
    if (best.length === count && order(each, best.at(-1)) >= 0) continue;
    let at = best.length;
    while (at > 0 && order(each, best[at - 1]) < 0) at -= 1;
    best.splice(at, 0, each);
    if (best.length > count) best.pop();
  }
  return best;
}
