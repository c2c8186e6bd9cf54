import * as settings from './settings.mjs';
import { findDuplicates } from './duplicates.mjs';
import { overlap, runsOf, weighWords, wordsOf } from './text.mjs';

/**
 * What to do with each line of the orders, which come oldest first. Columns are text, as in the CSV files.
 * An answer is { order, line, decision, code, quantity }; decision is accept, review, or why the line is refused:
 * duplicate, unknown, licence, price. Code and quantity (in packs) count where it is accept.
 */
export function matchOrders({ catalogue, orders }) {
  const articles = catalogue.map((article) => ({
    ...article,
    pack: Number(article.pack),
    price: Number(article.price),
    words: wordsOf(article.name),
  }));
  const weight = weighWords(articles.map(({ words }) => words));
  for (const article of articles) Object.assign(article, { set: new Set(article.words), runs: runsOf(article.words) });
  const matched = orders.map((row) => ({ row, ...matchLine(row, articles, weight) }));
  const duplicates = findDuplicates(matched);
  return matched.map(({ row, ranked, quantities }) => {
    const { order, line } = row;
    const decision = duplicates.has(order) ? 'duplicate' : decide(row, ranked, quantities);
    const [best] = ranked;
    return { order, line, decision, code: best.article.code, quantity: quantities.get(best.article) };
  });
}

/** The articles by their likeness to the line, the best first. */
function matchLine(row, articles, weight) {
  const words = wordsOf(row.text);
  const set = new Set(words);
  const runs = runsOf(words);
  const code = row.code.replaceAll(/\D/g, '');
  const quantities = new Map();
  const ranked = articles.map((article) => {
    const quantity = packsOf(row, article);
    quantities.set(article, quantity);
    const likeness =
      settings.WORD_SHARE * overlap(set, article.set, weight) +
      (1 - settings.WORD_SHARE) * overlap(runs, article.runs) +
      (code !== '' && code === article.code.replaceAll(/\D/g, '') ? settings.CODE_WEIGHT : 0) +
      (set.has(article.brand.toLowerCase()) ? settings.BRAND_WEIGHT : 0) +
      (set.has(String(article.pack)) ? settings.PACK_WEIGHT : 0) +
      (row.price !== '' && isPriceRight(row, article) ? settings.PRICE_WEIGHT : 0);
    return { article, likeness };
  });
  ranked.sort((a, b) => b.likeness - a.likeness);
  return { ranked: ranked.slice(0, 5), quantities };
}

function decide(row, [best, next], quantities) {
  if (best.likeness < settings.UNKNOWN_BELOW) return 'unknown';
  const isControlled = best.article.controlled === 'yes';
  const from = isControlled ? settings.CONTROLLED_ACCEPT_FROM : settings.ACCEPT_FROM;
  const lead = isControlled ? settings.CONTROLLED_LEAD : settings.LEAD;
  if (best.likeness < from || best.likeness - next.likeness < lead) return 'review';
  if (isControlled && row.licence !== 'yes') return 'licence';
  if (row.price !== '' && !isPriceRight(row, best.article)) return 'price';
  return Number.isInteger(quantities.get(best.article)) ? 'accept' : 'review';
}

/** How many packs a line asks for. */
function packsOf(row, { pack }) {
  return countsPieces(row, pack) ? Number(row.quantity) / pack : Number(row.quantity);
}

function countsPieces({ unit, quantity }, pack) {
  if (pack === 1) return false;
  if (unit === '') return settings.GUESS_PIECES && Number(quantity) % pack === 0;
  return ['pcs', 'pieces', 'ea'].includes(unit.toLowerCase());
}

/** Is the price what the article costs, by the pack or, where pieces are counted, by the piece? */
function isPriceRight(row, { price, pack }) {
  const quoted = Number(row.price.replace(',', '.'));
  const fair = countsPieces(row, pack) ? price / pack : price;
  return Math.abs(quoted / fair - 1) <= settings.PRICE_TOLERANCE;
}
