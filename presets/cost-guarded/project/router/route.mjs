import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
const settings = read('settings.json');
const keywords = read('keywords.json');
const REGULATED = new Set(['complaint', 'fraud', 'privacy']);
const remembered = new Map();

/** The queue of a message. `small()` and `large()` cost money and time (prices.json). */
export async function route(text, models) {
  const key = settings.rememberWithoutNumbers ? text.replaceAll(/\d+/g, '#') : text;
  const known = settings.remember ? remembered.get(key) : undefined;
  const queue = known ?? (await decide(text, models));
  remembered.set(key, queue);
  return queue;
}

async function decide(text, { small, large }) {
  const [first, second] = countKeywords(text);
  if (first.count >= settings.keywordsFrom && first.count - second.count >= settings.keywordsLead) return first.queue;
  const quick = await small();
  const from = REGULATED.has(quick.queue) ? settings.smallFromRegulated : settings.smallFrom;
  if (quick.sure >= from) return quick.queue;
  if (first.count > 0 && first.queue === quick.queue && quick.sure >= settings.agreementFrom) return quick.queue;
  return (await large()).queue;
}

/** The queues by how many of their words are in the text. */
function countKeywords(text) {
  const lower = text.toLowerCase();
  const counts = Object.entries(keywords).map(([queue, words]) => ({ queue, count: words.filter((word) => lower.includes(word)).length }));
  return counts.toSorted((a, b) => b.count - a.count);
}
