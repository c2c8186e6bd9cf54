import { fixed, isoDate } from './values.mjs';

/** How often the paid model is right about a field, on a clean page; it loses SLIP for each level of noise. */
const RIGHT = { supplier: 0.97, number: 0.95, date: 0.95, tax_number: 0.93, iban: 0.93, total: 0.96, vat: 0.93 };
const SLIP = 0.02;

/** What the paid model answers when it is asked for a field: usually the truth, else something that looks like it, or nothing. */
export function recordAnswers(random, facts, level) {
  const values = {
    supplier: [facts.supplier, facts.supplier.split(' ')[0]],
    number: [facts.number, facts.otherNumber],
    date: [isoDate(facts.date), isoDate(facts.otherDate)],
    tax_number: [facts.taxNumber, facts.otherTaxNumber],
    iban: [facts.iban, facts.otherIban],
    total: [fixed(facts.total), fixed(facts.net)],
    vat: [facts.vat === null ? null : fixed(facts.vat), fixed(facts.net)],
  };
  const answers = {};
  for (const [field, [truth, lookalike]] of Object.entries(values)) {
    const answer = random.chance(RIGHT[field] - SLIP * level) ? truth : wrong(random, truth, lookalike);
    if (answer !== null) answers[field] = answer;
  }
  return answers;
}

function wrong(random, truth, lookalike) {
  const kind = random.unit();
  if (kind < 0.3) return null;
  if (kind < 0.6 || truth === null) return lookalike;
  const at = truth.search(/\d(?=\d*$)/);
  return at < 0 ? lookalike : `${truth.slice(0, at)}${(Number(truth[at]) + random.between(1, 9)) % 10}${truth.slice(at + 1)}`;
}
