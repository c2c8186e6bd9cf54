/** Formats in which everything is text: a value needs no quotes, and quotes only hold it together. */
import type { Language } from './forms.ts';
import { readWhole, type Notation } from './notation.ts';
import { lineOf, literalsFirst, type Names, type Site } from './site.ts';

/** What a file of such a format gives a value: a name, and where the text of the value stands. */
export interface Entry {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Counts only where no other entry gives the name a value. */
  readonly fallback?: boolean;
}

export function asEntries(read: (text: string, language: Language) => readonly Entry[]): Language['open'] {
  return (text, language): Names => {
    const entries = Map.groupBy(read(text, language), ({ name }) => name);
    return {
      find: (name) => {
        const all = entries.get(name) ?? [];
        const first = all.filter(({ fallback }) => fallback !== true);
        const sites = (first.length > 0 ? first : all).map((entry) => siteOf(text, entry, language.notation));
        const distinct = [...new Map(sites.map((site) => [site.start, site])).values()];
        return first.length > 0 ? distinct : literalsFirst(distinct);
      },
      list: () => [...entries.keys()],
    };
  };
}

function siteOf(text: string, entry: Entry, notation: Notation): Site {
  const { start, end } = withoutQuotes(text, entry);
  const written = text.slice(start, end);
  return { line: lineOf(text, start), start, end, text: written, value: readWhole(written, notation) };
}

function withoutQuotes(text: string, { start, end }: Entry): { start: number; end: number } {
  const written = text.slice(start, end);
  const from = start + written.length - written.trimStart().length;
  const to = from + written.trim().length;
  const quote = text.charAt(from);
  const isQuoted = (quote === '"' || quote === "'") && to - from >= 2 && text.indexOf(quote, from + 1) === to - 1;
  return isQuoted ? { start: from + 1, end: to - 1 } : { start: from, end: to };
}

/** Where a word ends that begins at an offset: a whole quoted text, or up to one of these characters. */
export function wordEnd(text: string, start: number, stop: RegExp): number {
  let at = start;
  while (at < text.length && !stop.test(text.charAt(at))) {
    const quote = text.charAt(at);
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, at + 1);
      at = end < 0 ? text.length : end + 1;
    } else at += quote === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}
