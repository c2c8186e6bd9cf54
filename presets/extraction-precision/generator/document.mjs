import { layOut, table } from './layout.mjs';
import { scan } from './noise.mjs';
import { recordAnswers } from './answers.mjs';
import { company, date, fixed, iban, isoDate, taxNumber, writeAmount, writeDate, writeSpaced } from './values.mjs';
import { DECOYS, LABELS, LANGUAGES, TITLES } from './words.mjs';

const KINDS = ['invoice', 'invoice', 'invoice', 'receipt', 'order'];
const LAYOUTS = ['lines', 'lines', 'columns', 'dense'];
const LEVELS = [0, 0, 1, 1, 1, 2, 2, 3];
const VAT = { en: 0.2, de: 0.19, fr: 0.2, es: 0.21 };

/** One document: what the cheap scan and the slow one read, what the paid model would answer, and the truth. */
export function makeDocument(random, id) {
  const language = random.pick(LANGUAGES);
  const kind = random.pick(KINDS);
  const level = random.pick(LEVELS);
  const facts = makeFacts(random, kind, language);
  const text = write(random, facts, { kind, language, layout: random.pick(LAYOUTS) });
  return {
    id,
    kind,
    language,
    text: scan(random, text, level),
    rescan: scan(random, text, level, true),
    answers: recordAnswers(random, facts, level),
    labels: labelsOf(facts),
  };
}

function makeFacts(random, kind, language) {
  const supplier = company(random, language);
  const net = Math.round(Math.exp(random.unit() * (kind === 'receipt' ? 3 : 6) + (kind === 'receipt' ? 6 : 8)));
  const vat = Math.round(net * VAT[language]);
  return {
    kind,
    supplier: supplier.name,
    number: numberOf(random),
    otherNumber: numberOf(random),
    date: date(random),
    otherDate: date(random),
    taxNumber: kind === 'receipt' && random.chance(0.25) ? null : supplier.taxNumber,
    otherTaxNumber: taxNumber(random, language),
    iban: kind === 'invoice' ? iban(random, language) : null,
    otherIban: iban(random, language),
    net,
    vat: kind === 'order' ? null : vat,
    total: kind === 'order' ? net : net + vat,
  };
}

function numberOf(random) {
  const style = random.unit();
  if (style < 0.4) return `${random.pick(['RE', 'INV', 'F', 'B', 'PO'])}-${random.digits(5)}`;
  return style < 0.7 ? `${random.pick([2025, 2026])}/${random.digits(4)}` : random.digits(random.between(5, 8));
}

function labelsOf({ supplier, number, date: day, taxNumber: tax, iban: account, total, vat }) {
  const labels = {
    supplier,
    number,
    date: isoDate(day),
    tax_number: tax,
    iban: account,
    total: fixed(total),
    vat: vat === null ? null : fixed(vat),
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null));
}

function write(random, facts, { kind, language, layout }) {
  const label = (spellings) => (random.chance(0.5) ? spellings[0] : random.pick(spellings));
  const decoy = (name, value, share) => (random.chance(share) ? [[label(DECOYS[name][language]), value]] : []);
  const amount = (cents) => writeAmount(random, cents, language);
  const isSlip = kind === 'receipt';
  const head = [
    [label(LABELS.number[kind][language]), facts.number],
    ...(isSlip ? [] : decoy('reference', facts.otherNumber, 0.45)),
    [label(LABELS.date[language]), writeDate(random, facts.date, language)],
    ...(isSlip ? [] : decoy('delivery', writeDate(random, facts.otherDate, language), 0.3)),
    ...(kind === 'invoice' ? decoy('due', writeDate(random, facts.otherDate, language), 0.5) : []),
  ];
  const shuffled = random.chance(0.3) ? head.toReversed() : head;
  const customer = isSlip
    ? []
    : [[label(DECOYS.customer[language]), company(random, language).name], ...decoy('customerTax', facts.otherTaxNumber, 0.35)];
  const tax = facts.taxNumber === null ? [] : [[label(LABELS.tax_number[language]), facts.taxNumber]];
  const sums = [
    ...(facts.vat === null ? [] : decoy('net', amount(facts.net), 0.8)),
    ...(facts.vat === null ? [] : [[`${label(LABELS.vat[language])} ${Math.round(VAT[language] * 100)}%`, amount(facts.vat)]]),
    [label(LABELS.total[language]), amount(facts.total)],
    ...decoy('paid', amount(Math.round(facts.total * 0.3)), isSlip ? 0 : 0.12),
  ];
  const bank = facts.iban === null ? [] : [[label(LABELS.iban[language]), writeSpaced(random, facts.iban)]];
  const old = facts.iban === null ? [] : decoy('oldAccount', writeSpaced(random, facts.otherIban), 0.12);
  const parties = random.chance(0.5) ? [...customer, ...tax] : [...tax, ...customer];
  const title = TITLES[kind][language];
  return [
    ...(random.chance(0.75) ? [facts.supplier, title] : [title, facts.supplier]),
    ...layOut(random, layout, shuffled),
    ...layOut(random, layout === 'columns' ? 'lines' : layout, parties),
    ...table(sums, layout),
    ...layOut(random, layout, random.chance(0.5) ? [...bank, ...old] : [...old, ...bank]),
  ].join('\n');
}
