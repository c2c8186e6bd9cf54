// Makes the sample data of this preset: everything in it is invented. `node index.mjs` writes project/data anew, the same each time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCatalogue, nameOf } from './catalogue.mjs';
import { toCsv } from './csv.mjs';
import { createOrders } from './orders.mjs';

const CATALOGUE_SEED = 7;
const EXAMPLES_SEED = 20260302;
export const EXAMPLES = 600;

const articles = createCatalogue(CATALOGUE_SEED);

/** The articles that are sold, as the matcher gets to see them. */
export function catalogueCsv() {
  const sold = articles.filter(({ isSold }) => isSold);
  return toCsv(
    sold.map((article) => ({
      code: article.code,
      name: nameOf(article),
      brand: article.brand,
      pack: article.pack,
      price: article.price.toFixed(2),
      controlled: article.group === 'controlled' ? 'yes' : 'no',
    })),
  );
}

/** Writes orders.csv and labels.csv into a folder. */
export function writeOrders(folder, { seed, count }) {
  const orders = createOrders(articles, { seed, count });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'orders.csv'), toCsv(orders.flatMap(({ rows }) => rows)));
  writeFileSync(join(folder, 'labels.csv'), toCsv(orders.flatMap(({ labels }) => labels)));
}

if (import.meta.main) {
  const data = join(import.meta.dirname, '../project/data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'catalogue.csv'), catalogueCsv());
  writeOrders(join(data, 'examples'), { seed: EXAMPLES_SEED, count: EXAMPLES });
}
