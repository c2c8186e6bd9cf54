import { FORMS, MONTHS, NAMES, TRADES } from './words.mjs';

const COUNTRY = { en: 'GB', de: 'DE', fr: 'FR', es: 'ES' };

/** A made-up company. */
export function company(random, language) {
  return {
    name: `${random.pick(NAMES[language])} ${random.pick(TRADES[language])} ${random.pick(FORMS[language])}`,
    taxNumber: taxNumber(random, language),
  };
}

export function taxNumber(random, language) {
  const country = COUNTRY[language];
  if (language === 'fr') return `${country}${random.digits(2)}${random.digits(9)}`;
  if (language === 'es') return `${country}${random.pick(['A', 'B'])}${random.digits(8)}`;
  return `${country}${random.digits(9)}`;
}

/** An account number with right check digits. */
export function iban(random, language) {
  const country = COUNTRY[language];
  const account = { en: `${random.letters(4)}${random.digits(14)}`, de: random.digits(18), fr: random.digits(23), es: random.digits(20) }[
    language
  ];
  const rest = remainder(`${account}${country}00`);
  return `${country}${String(98 - rest).padStart(2, '0')}${account}`;
}

/** The remainder by 97 of an account number whose first four characters stand at the end. */
function remainder(text) {
  let rest = 0;
  for (const sign of text) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

export function date(random) {
  return { year: random.pick([2025, 2026]), month: random.between(1, 12), day: random.between(1, 28) };
}

export function isoDate({ year, month, day }) {
  return `${year}-${two(month)}-${two(day)}`;
}

/** As documents of the language write it; one in eight Englishmen puts the month first, as Americans do. */
export function writeDate(random, { year, month, day }, language) {
  const style = random.unit();
  const name = MONTHS[language][month - 1];
  if (language === 'en') {
    if (style < 0.35) return `${day} ${name.slice(0, 3)} ${year}`;
    if (style < 0.6) return `${name} ${day}, ${year}`;
    return style < 0.88 ? `${two(day)}/${two(month)}/${year}` : `${two(month)}/${two(day)}/${year}`;
  }
  if (language === 'de')
    return style < 0.75
      ? `${two(day)}.${two(month)}.${year}`
      : style < 0.9
        ? `${day}. ${name} ${year}`
        : `${year}-${two(month)}-${two(day)}`;
  if (style < 0.6) return `${two(day)}/${two(month)}/${year}`;
  if (style < 0.75) return `${two(day)}-${two(month)}-${String(year).slice(2)}`;
  return language === 'fr' ? `${day} ${name} ${year}` : `${day} de ${name} de ${year}`;
}

/** Cents as documents of the language write them. */
export function writeAmount(random, cents, language) {
  const whole = String(Math.floor(cents / 100));
  const group = { en: ',', de: '.', fr: ' ', es: '.' }[language];
  const grouped = random.chance(0.8) ? whole.replaceAll(/\B(?=(\d{3})+$)/g, group) : whole;
  const text = `${grouped}${language === 'en' ? '.' : ','}${two(cents % 100)}`;
  if (language === 'en') return random.chance(0.6) ? `£${text}` : text;
  return random.chance(0.6) ? `${text} ${random.pick(['€', 'EUR'])}` : text;
}

/** Cents as labels have them. */
export function fixed(cents) {
  return (cents / 100).toFixed(2);
}

export function writeSpaced(random, text) {
  return random.chance(0.6) ? text.replaceAll(/(.{4})(?=.)/g, '$1 ') : text;
}

function two(number) {
  return String(number).padStart(2, '0');
}
