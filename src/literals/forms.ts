import { Code } from './code.ts';
import { escape } from './escape.ts';
import type { Syntax } from './mask.ts';
import { readLiteral, type Notation } from './notation.ts';
import { lineOf, literalsFirst, siteAt, type Names, type Site } from './site.ts';

/** One way in which a language gives a name a value. */
export interface Form {
  /** The source of a regular expression: all that stands before the value. NAME stands for the name. */
  readonly lead: string;
  /** Whether the value may end at an offset of the text without comments and strings. */
  readonly ends: (masked: string, end: number) => boolean;
  /** The innermost bracket around the name is one of these, or none of those. */
  readonly inside?: string;
  readonly outside?: string;
  /** The name may be in quotes: `lead` goes before it, one of the characters `after` stands there, and `between` comes between it and the value. */
  readonly key?: { readonly after: string; readonly between: string };
  /** Counts only where no other form gives the name a value. */
  readonly fallback?: boolean;
  /** The value stands before the lead, and nothing but a comma, a bracket or a keyword before it. */
  readonly precedes?: boolean;
}

export interface Language {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Names of files that the extension does not tell, whole and in lower case. */
  readonly files?: RegExp;
  /** Absent where the format's own reader knows what is a comment. */
  readonly syntax?: Syntax;
  readonly notation: Notation;
  readonly open: (text: string, language: Language) => Names;
}

export function asForms(forms: readonly Form[], identifier: string): Language['open'] {
  return (text, { syntax = { starts: '', rules: [] }, notation }) => {
    const code = new Code(text, syntax);
    const sites = (form: Form, name: string) => matches(code, form, escape(name)).map((match) => siteOf(code, form, notation, match));
    return {
      find: (name) => {
        const first = forms.filter(({ fallback }) => fallback !== true).flatMap((form) => sites(form, name));
        if (first.length > 0) return distinct(first);
        return literalsFirst(distinct(forms.filter(({ fallback }) => fallback === true).flatMap((form) => sites(form, name))));
      },
      list: () => {
        const found = forms.flatMap((form) => matches(code, form, identifier).map((match) => ({ match, form })));
        const plain = found.filter(({ match, form }) => siteOf(code, form, notation, match).value !== null);
        return [...new Set(plain.map(({ match }) => match.name))];
      },
    };
  };
}

/** Where a form gives a name a value: where the name begins, where the value begins, and the name. */
interface Match {
  readonly at: number;
  readonly start: number;
  readonly name: string;
}

function matches(code: Code, form: Form, name: string): Match[] {
  const { lead, key } = form;
  const text = key === undefined ? code.masked : code.text;
  const named = key === undefined ? `(?<name>${name})` : `(?<quote>["'\`]?)(?<name>${name})\\k<quote>`;
  const source = key === undefined ? lead.replace('NAME', () => named) : lead + named;
  return [...text.matchAll(new RegExp(source, 'gm'))].flatMap((match) => {
    const { index, 0: whole, groups = {} } = match;
    const length = key === undefined ? 0 : lengthAt(code.masked, index + whole.length, key.between);
    const found = { at: index, start: index + whole.length + (length ?? 0), name: groups['name'] ?? '' };
    return length !== null && isPlace(code, form, found, groups['quote'] ?? '') ? [found] : [];
  });
}

function lengthAt(text: string, at: number, source: string): number | null {
  const sticky = new RegExp(source, 'y');
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? null;
}

function isPlace(code: Code, { inside, outside, key }: Form, { at: index }: Match, quote: string): boolean {
  if (!code.isCode(index)) return false;
  const { bracket, at } = code.around(index);
  if (bracket !== '' && outside?.includes(bracket)) return false;
  if (inside !== undefined && (bracket === '' || !inside.includes(bracket))) return false;
  // The counter of a loop is no setting.
  if (/^\s*for\b[^{]*$/.test(code.lineBefore(index))) return false;
  if (bracket === '(' && /\bfor\s*$/.test(code.masked.slice(0, at))) return false;
  if (key === undefined) return true;
  if (quote !== '' && code.masked.charAt(index) !== quote) return false;
  return key.after.includes(code.masked.slice(0, index).trimEnd().slice(-1) || '\n');
}

function siteOf(code: Code, { ends, precedes }: Form, notation: Notation, { at, start }: Match): Site {
  if (precedes === true) return siteBefore(code, notation, at);
  return siteAt(code.text, start, notation, (end) => ends(code.masked, end));
}

function siteBefore({ text, masked }: Code, notation: Notation, end: number): Site {
  const length = /(?:'[^'\n]*'|[-+]?[\w.]+(?:[eE][-+]\d+)?)$/.exec(text.slice(Math.max(0, end - 200), end))?.[0].length ?? 0;
  const start = end - length;
  const isAlone = /(?:[,(]|\bselect|\bdistinct)\s*$/i.test(masked.slice(Math.max(0, start - 200), start));
  const literal = isAlone ? readLiteral(text, start, notation) : null;
  const value = literal?.end === end ? literal.value : null;
  return { line: lineOf(text, start), start, end, text: text.slice(start, end), value };
}

function distinct(sites: readonly Site[]): Site[] {
  return [...new Map(sites.map((site) => [site.start, site])).values()].toSorted((a, b) => a.start - b.start);
}

/** A rule for where values end, from a regular expression on what comes after them. */
export function endsWith(pattern: RegExp): Form['ends'] {
  const sticky = new RegExp(pattern.source, 'y');
  return (masked, end) => {
    sticky.lastIndex = end;
    return sticky.test(masked);
  };
}
