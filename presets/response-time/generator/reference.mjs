// What is right, written to be read and not to be quick. The expected answers of the sample requests come from here.

const PAGE = 20;
const DISCOUNT = { shop: 0.12, fleet: 0.08, 'walk-in': 0 };

/** { status, body } for a request, body as an object. */
export function answer(parts, { method, path, body }) {
  const url = new URL(path, 'http://localhost');
  const [, route, id] = url.pathname.split('/');
  const query = Object.fromEntries(url.searchParams);
  if (method === 'GET' && route === 'parts') return found(parts.find((part) => part.id === id));
  if (method === 'GET' && route === 'search') return { status: 200, body: search(parts, query) };
  if (method === 'GET' && route === 'fits') return { status: 200, body: fits(parts, query) };
  if (method === 'GET' && route === 'related') return found(related(parts, id));
  if (method === 'POST' && route === 'quote') return { status: 200, body: quote(parts, JSON.parse(body)) };
  return found(undefined);
}

function found(body) {
  return body === undefined ? { status: 404, body: { error: 'not found' } } : { status: 200, body };
}

/** Three points for each word of the query in the name, one for each in the text; at equal points the cheaper first. */
function search(parts, { q, limit }) {
  const words = q.toLowerCase().split(/\s+/);
  const points = ({ name, text }) => {
    const [inName, inText] = [name.toLowerCase().split(/[\s,;]+/), text.toLowerCase().split(/[\s,;]+/)];
    return words.reduce((sum, word) => sum + (inName.includes(word) ? 3 : 0) + (inText.includes(word) ? 1 : 0), 0);
  };
  const hits = parts.map((part) => ({ part, points: points(part) })).filter((hit) => hit.points > 0);
  hits.sort((a, b) => b.points - a.points || a.part.cents - b.part.cents || (a.part.id < b.part.id ? -1 : 1));
  return { total: hits.length, hits: hits.slice(0, Number(limit)).map((hit) => ({ ...brief(hit.part), points: hit.points })) };
}

/** The parts in stock that fit a model, the cheapest first, by pages; with the number of each kind. */
function fits(parts, { model, page }) {
  const all = parts.filter((part) => part.stock > 0 && part.fits.includes(model));
  all.sort((a, b) => a.cents - b.cents || (a.id < b.id ? -1 : 1));
  const kinds = {};
  for (const { kind } of all) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { total: all.length, kinds, parts: all.slice(Number(page) * PAGE, (Number(page) + 1) * PAGE).map(brief) };
}

/** The eight parts with the most in common: shared tags over all tags, twice that for the same kind. */
function related(parts, id) {
  const part = parts.find((each) => each.id === id);
  if (part === undefined) return undefined;
  const likeness = (other) => {
    const shared = other.tags.filter((tag) => part.tags.includes(tag)).length;
    return (shared / new Set([...other.tags, ...part.tags]).size) * (other.kind === part.kind ? 2 : 1);
  };
  const others = parts.filter((other) => other !== part && likeness(other) > 0);
  others.sort((a, b) => likeness(b) - likeness(a) || (a.id < b.id ? -1 : 1));
  return { id, related: others.slice(0, 8).map(brief) };
}

/** Line by line: one percent off for every ten pieces, up to five, then the customer's discount; in whole cents. */
function quote(parts, { customer, lines }) {
  const priced = lines.map(({ id, quantity }) => {
    const { cents, stock } = parts.find((part) => part.id === id);
    const volume = Math.min(0.05, Math.floor(quantity / 10) * 0.01);
    const total = Math.round(cents * quantity * (1 - volume) * (1 - DISCOUNT[customer]));
    return { id, quantity, total, inStock: stock >= quantity };
  });
  const net = priced.reduce((sum, { total }) => sum + total, 0);
  return { customer, lines: priced, net, tax: Math.round(net * 0.19), gross: net + Math.round(net * 0.19) };
}

function brief({ id, name, cents, stock }) {
  return { id, name, cents, inStock: stock > 0 };
}
