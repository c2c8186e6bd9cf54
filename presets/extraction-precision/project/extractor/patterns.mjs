/** What a value of each field looks like, and how it is written in one way. `bare`: may be taken without a label. */
export const PATTERNS = {
  number: { pattern: /[A-Z]{0,3}[-/]?\d{2,8}(?:[-/]\d{2,6})?/g, toValue: (text) => text },
  date: { pattern: /\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/g, toValue: toDate, bare: true },
  tax_number: { pattern: /\b(?:DE|GB|FR|ES)\s?[A-Z]?\d{8,11}\b/g, toValue: (text) => text.replaceAll(' ', ''), bare: true },
  iban: {
    pattern: /\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,6}(?:\s?[A-Z0-9]{1,3})?\b/g,
    toValue: (text) => text.replaceAll(' ', ''),
    bare: true,
  },
  total: { pattern: /\d{1,3}(?:[., ]\d{3})*[.,]\d{2}(?!\d)|\d+[.,]\d{2}(?!\d)/g, toValue: toAmount },
  vat: { pattern: /\d{1,3}(?:[., ]\d{3})*[.,]\d{2}(?!\d)|\d+[.,]\d{2}(?!\d)/g, toValue: toAmount },
  net: { pattern: /\d{1,3}(?:[., ]\d{3})*[.,]\d{2}(?!\d)|\d+[.,]\d{2}(?!\d)/g, toValue: toAmount },
};

function toDate(text, { dayFirst }) {
  const parts = text.split(/[./-]/);
  if (parts[0].length === 4) return text;
  const [day, month] = dayFirst ? parts : [parts[1], parts[0]];
  return `${parts[2].padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function toAmount(text) {
  const digits = text.replaceAll(/\D/g, '');
  return `${digits.slice(0, -2) || '0'}.${digits.slice(-2)}`;
}

/** Are the check digits of an account number right? */
export function isIban(text) {
  let rest = 0;
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const DIGITS = { O: '0', o: '0', l: '1', I: '1', S: '5', B: '8', G: '6', Z: '2', g: '9' };

/** Letters a scanner took for digits, where they stand between digits. */
export function repairDigits(text) {
  return text.replaceAll(/(?<=\d[.,/-]?)[OolISBGZg](?=[.,/-]?\d|\b)/g, (sign) => DIGITS[sign]);
}
