import { formsOf } from './key-forms.ts';

/** Replaces keys in a text. */
export interface Redact {
  (text: string): string;
  /** No key that may be broken over lines is longer; 0 where there is none. */
  readonly reach?: number;
}

const LONG = 1000;
/** With what may stand around it where a text is broken and indented. */
const LINE_END = /[ \t]*\r?\n[ \t]*/g;
const REPLACEMENT = '[secret]';
/** Shorter values are too likely to be something else: a number, a word. */
const SHORTEST = 8;
const KEY_NAME = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT)(_|$)/i;

/** Does the name of a variable say that its value is a key? */
export const isKeyName = (name: string): boolean => KEY_NAME.test(name);

/** What keys of well-known services look like. */
const KEYS = [
  /(?<![\w-])sk-[\w-]{20,}/,
  /(?<!\w)gh[pousr]_[A-Za-z0-9]{36,}/,
  /(?<!\w)github_pat_\w{22,}/,
  /(?<!\w)glpat-[\w-]{20,}/,
  /(?<!\w)AIza[\w-]{35}/,
  /(?<!\w)(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)/,
  /(?<!\w)hf_[A-Za-z0-9]{30,}/,
  /(?<!\w)npm_[A-Za-z0-9]{36}/,
  /(?<!\w)xox[abeprs]-[\w-]{10,}/,
  /(?<!\w)eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
].map(({ source }) => source);
/** One of these is in each of them. */
const SIGNS = ['sk-', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'AIza', 'AKIA', 'ASIA', 'hf_', 'npm_', 'xox', 'eyJ'];

/**
 * Knows the values of variables whose names look like keys, also in the forms that a program can give them without
 * effort, and what keys of well-known services look like. A key may be broken over lines.
 */
export function createRedact(env: Readonly<Record<string, string | undefined>>): Redact {
  const values = Object.entries(env)
    .filter(([name]) => isKeyName(name))
    // Output is looked at line by line, so a key of several lines is several keys.
    .flatMap(([, value = '']) => value.split(/\s*\n\s*/))
    .filter((value) => value.length >= SHORTEST)
    .flatMap(formsOf)
    // As bytes too, which is how output is read.
    .flatMap((form) => [form, Buffer.from(form).toString('latin1')])
    .toSorted((a, b) => b.length - a.length);
  const forms = [...new Set(values)];
  const pattern = new RegExp(forms.map(overLines).concat(KEYS).join('|'), 'g');
  const signs = [...forms, ...SIGNS];
  const anySign = new RegExp(signs.map(escaped).join('|'));
  // Most texts have no key; in long ones, looking for each sign by itself is many times as quick.
  const mayHold = (text: string) => (text.length < LONG ? anySign.test(text) : signs.some((sign) => text.includes(sign)));
  // Only what is known can be told when it is broken over lines.
  const joined = (text: string) => (forms.length > 0 && text.includes('\n') ? text.replaceAll(LINE_END, '') : text);
  const redact = (text: string) => (mayHold(joined(text)) ? text.replace(pattern, REPLACEMENT) : text);
  return Object.assign(redact, { reach: 2 * (forms[0]?.length ?? 0) });
}

/** The text with a line end allowed after each of its characters. */
function overLines(text: string): string {
  return Array.from(text, escaped).join(`(?:${LINE_END.source})?`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/** Every text in a record. */
export function redactAll<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => redactAll(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item, redact)])) as T;
}
