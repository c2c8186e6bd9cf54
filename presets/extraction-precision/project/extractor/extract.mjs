import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCandidates } from './candidates.mjs';

const read = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
const rules = read('rules.json');
const settings = read('settings.json');
const FIELDS = ['supplier', 'number', 'date', 'tax_number', 'iban', 'total', 'vat'];

/**
 * The values of a document's fields: a text, or null for what is not there or not certain enough.
 * `rescan()` and `answer(field)` cost money (prices.json).
 */
export async function extract(text, { rescan, answer }) {
  let found = readAll(text);
  const isInvoice = found.iban.sure > 0;
  const doubtful = FIELDS.filter((field) => found[field].sure < settings.rescanBelow && (field !== 'iban' || isInvoice));
  if (doubtful.length >= 2) found = readAll(await rescan());
  const values = {};
  for (const field of FIELDS) {
    let { value, sure } = found[field];
    if (sure > 0 && sure < settings.askBelow[field]) {
      const answered = await answer(field);
      if (answered !== null) [value, sure] = [answered, 1];
    }
    values[field] = sure >= settings.accept[field] ? value : null;
  }
  return values;
}

function readAll(text) {
  const lines = text.split('\n');
  const found = { supplier: readSupplier(lines) };
  for (const field of FIELDS.slice(1)) found[field] = choose(findCandidates(field, lines, rules, settings), settings.prefer[field]);
  if (settings.sumsMustAgree) checkSums(found, choose(findCandidates('net', lines, rules, settings), 'first'));
  return found;
}

/** The most certain candidate; of equals, the first or the last on the page. */
function choose(candidates, prefer) {
  const ordered = prefer === 'last' ? candidates.toReversed() : candidates;
  return ordered.reduce((best, one) => (one.sure > best.sure ? one : best), { value: null, sure: 0 });
}

/** The sum before tax and the tax make the total, or something was misread. */
function checkSums({ total, vat }, net) {
  if (total.value === null || vat.value === null || net.value === null) return;
  const agrees = Math.abs(Number(net.value) + Number(vat.value) - Number(total.value)) < 0.015;
  for (const amount of [total, vat]) amount.sure += agrees ? settings.certainty.checked : -settings.certainty.checked;
}

/** The first line that ends like a company. */
function readSupplier(lines) {
  const line = lines.slice(0, 3).find((one) => rules.companyForms.some((form) => one.trimEnd().endsWith(` ${form}`)));
  return line === undefined ? { value: null, sure: 0 } : { value: line.trim(), sure: settings.certainty.labelled };
}
