import type { Scalar } from '../experiment.ts';
import type { Language } from './forms.ts';
import type { Notation } from './notation.ts';

/** A value written the way the old one was. */
export function writeLiteral(old: string, value: Scalar, { name, notation }: Pick<Language, 'name' | 'notation'>): string {
  switch (typeof value) {
    case 'boolean':
      return writeWord(old, value, notation);
    case 'number':
      return writeNumber(old, value, notation);
    case 'string':
      return writeString(old, value, name, notation);
  }
}

const SWITCHES: Notation['words'] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['1', '0'],
];

/** What a value means as a switch, in the words of config files and as 1 and 0; null where it is none. */
export function asSwitch(value: Scalar): boolean | null {
  if (typeof value === 'boolean') return value;
  const pair = SWITCHES.find((words) => words.includes(String(value).toLowerCase()));
  return pair === undefined ? null : pair[0] === String(value).toLowerCase();
}

function writeWord(old: string, value: boolean, { words }: Notation): string {
  const pick = ([yes, no]: readonly [string, string]) => (value ? yes : no);
  const known = words.find((pair) => pair.includes(old));
  if (known !== undefined) return pick(known);
  const plain = SWITCHES.find((pair) => pair.includes(old.toLowerCase()));
  const [first = ['true', 'false']] = words;
  const written = pick(plain ?? first);
  if (plain === undefined) return written;
  if (old === old.toUpperCase()) return written.toUpperCase();
  return old.charAt(0) === old.charAt(0).toUpperCase() ? written.charAt(0).toUpperCase() + written.slice(1) : written;
}

function writeNumber(old: string, value: number, how: Notation): string {
  const { groups = {} } = matchWhole(how.number, old) ?? {};
  const suffix = groups['floats'] ?? groups['suffix'] ?? '';
  const { prefix, digits = '' } = groups;
  if (prefix !== undefined && Number.isInteger(value) && value >= 0)
    return prefix + inBase(prefix, digits, value) + afterDigits(old, prefix, digits);
  return writeDecimal(suffix === '' ? old : old.slice(0, -suffix.length), value, how) + suffix;
}

function inBase(prefix: string, digits: string, value: number): string {
  const written = value.toString({ x: 16, b: 2, o: 8 }[prefix.charAt(1).toLowerCase()]);
  return /[A-F]/.test(digits) ? written.toUpperCase() : written;
}

function afterDigits(old: string, prefix: string, digits: string): string {
  return old.slice(old.indexOf(prefix) + prefix.length + digits.length);
}

function writeDecimal(old: string, value: number, { separator }: Notation): string {
  const letter = /[\d.]([eEfFdD])[-+]?\d/.exec(old)?.[1];
  if (letter !== undefined && value !== 0) return exponent(value, /[.][\d_']*[a-zA-Z]/.test(old), letter);
  const plain = String(value);
  if (plain.includes('e')) return exponent(value, true, letter ?? 'e');
  // A float that happens to be whole stays a float where the language tells them apart.
  if (!Number.isInteger(value)) return plain;
  if (letter !== undefined) return `${plain}${old.includes('.') ? '.0' : ''}${letter}0`;
  if (old.includes('.')) return `${plain}.0`;
  return separator !== '' && old.includes(separator) ? plain.replace(/\B(?=(\d{3})+$)/g, separator) : plain;
}

// YAML 1.1 readers take `8e-9` for a string, so an exponent that was not there before comes with a dot.
function exponent(value: number, dotted: boolean, letter: string): string {
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const head = dotted && !mantissa.includes('.') ? `${mantissa}.0` : mantissa;
  return `${head}${letter}${power.replace('+', '')}`;
}

function writeString(old: string, value: string, language: string, { bare, quotes }: Notation): string {
  const isSimple = /^[^"'`\\\n\r\t]*$/.test(value);
  const quote = old.charAt(0);
  if (isSimple && quote !== '' && `"'\``.includes(quote)) return quote + value + quote;
  if (bare === true) return value;
  if (language === 'YAML' && /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)) return value;
  return isSimple && !quotes.includes('"') ? quotes.charAt(0) + value + quotes.charAt(0) : JSON.stringify(value);
}

function matchWhole(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}

/** Whether a value that was read is the one meant: a switch may be written as a word or as 1 and 0. */
export function isSameValue(a: Scalar | null, b: Scalar): boolean {
  return a === b || (a !== null && typeof b === 'boolean' && asSwitch(a) === b);
}
