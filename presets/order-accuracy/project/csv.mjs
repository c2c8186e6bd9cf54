// PROTECTED: reads the tables.
import { readFileSync } from 'node:fs';

/** The rows of a CSV file with a header, as objects of text. Values with a comma, a quote or a line break are quoted. */
export function readCsv(file) {
  const [header, ...rows] = parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  return rows.map((cells, index) => {
    if (cells.length !== header.length)
      throw new Error(`${file}: row ${index + 2} has ${cells.length} values, the header has ${header.length}`);
    return Object.fromEntries(header.map((name, at) => [name, cells[at]]));
  });
}

function parse(text) {
  const rows = [[]];
  // A value, quoted or not, and what ends it.
  for (const [all, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (all === '') break;
    rows.at(-1).push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end !== ',' && end !== '') rows.push([]);
  }
  return rows.filter((cells) => cells.length > 1 || (cells[0] ?? '') !== '');
}

/** Rows as CSV, without quotes: for ids and numbers. */
export function toCsv(rows) {
  return `${[Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n')}\n`;
}
