import type { Scalar } from '../experiment.ts';
import { escape } from './escape.ts';

/** How a language writes numbers, booleans and strings. */
export interface Notation {
  /** Sticky; groups: prefix, digits (of a number with a prefix), body, suffix. */
  readonly number: RegExp;
  readonly separator: string;
  /** What is written for true and for false; the first pair that fits. */
  readonly words: readonly (readonly [string, string])[];
  readonly word: RegExp;
  /** The quotes of plain strings. */
  readonly quotes: string;
  /** Finds, in a string with its quotes, what makes it more than its characters. */
  readonly interpolation?: RegExp;
  /** Whether a string may stand without quotes. */
  readonly bare?: boolean;
}

interface Options {
  readonly separator?: string;
  /** Letters of exponents. */
  readonly exponent?: string;
  /** Sources of regular expressions. */
  readonly intSuffix?: string;
  readonly floatSuffix?: string;
  readonly words?: Notation['words'];
  readonly quotes?: string;
  readonly interpolation?: RegExp;
  readonly bare?: boolean;
}

const NOTHING = '(?!)';

export function notation(options: Options = {}): Notation {
  const { separator = '_', exponent = 'eE', intSuffix = NOTHING, floatSuffix = NOTHING, quotes = `"'`, ...rest } = options;
  const words = options.words ?? [['true', 'false']];
  const digit = `[\\d${separator}]`;
  const fraction = `(?:\\d${digit}*\\.${digit}*|\\.\\d${digit}*)(?:[${exponent}][-+]?\\d+)?|\\d${digit}*[${exponent}][-+]?\\d+`;
  const number =
    `[-+]?(?:(?<prefix>0[xXbBoO])(?<digits>[0-9a-fA-F${separator}]+)(?:${intSuffix})?` +
    `|(?<body>${fraction})(?<floats>${floatSuffix})?` +
    `|(?<whole>0|[1-9]${digit}*)(?<suffix>${floatSuffix}|${intSuffix})?)(?![\\w${separator}])`;
  return {
    ...rest,
    number: new RegExp(number, 'y'),
    separator,
    quotes,
    words,
    word: new RegExp(`(?:${words.flat().map(escape).join('|')})(?!\\w)`, 'y'),
  };
}

/** What most languages agree on. */
export const NOTATION = notation({ intSuffix: 'n' });

/** The literal that begins at an offset; null when something else does. */
export function readLiteral(text: string, start: number, how: Notation): { readonly end: number; readonly value: Scalar } | null {
  const number = matchAt(how.number, text, start);
  if (number !== null) {
    const value = numberOf(number, how);
    return Number.isFinite(value) ? { end: start + number[0].length, value } : null;
  }
  const word = matchAt(how.word, text, start)?.[0];
  if (word !== undefined) return { end: start + word.length, value: how.words.some(([yes]) => yes === word) };
  const quote = text.charAt(start);
  if (quote === '' || !how.quotes.includes(quote)) return null;
  const end = text.indexOf(quote, start + 1);
  const value = text.slice(start + 1, end);
  if (end < 0 || /[\\\n]/.test(value)) return null;
  return how.interpolation?.test(text.slice(start, end + 1)) ? null : { end: end + 1, value };
}

/** What a whole text says: a literal, else, where strings need no quotes, itself; null for what is neither. */
export function readWhole(text: string, how: Notation): Scalar | null {
  const literal = readLiteral(text, 0, how);
  if (literal?.end === text.length) return literal.value;
  const isQuoted = text !== '' && how.quotes.includes(text.charAt(0));
  return how.bare === true && text !== '' && !isQuoted && !/[\n\\$`]/.test(text) ? text : null;
}

function numberOf({ 0: whole, groups = {} }: RegExpExecArray, { separator }: Notation): number {
  const plain = (part: string) => (separator === '' ? part : part.replaceAll(separator, ''));
  const sign = whole.startsWith('-') ? -1 : 1;
  const { prefix, digits = '', body, whole: integer = '' } = groups;
  if (prefix !== undefined) return sign * Number(prefix.toLowerCase() + plain(digits));
  return sign * Number(plain(body ?? integer).replace(/[fFdD]/, 'e'));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
