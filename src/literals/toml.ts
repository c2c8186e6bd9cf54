import { Code } from './code.ts';
import { endsWith, type Language } from './forms.ts';
import { NOTATION } from './notation.ts';
import { DOUBLE, HASH, syntaxOf, TRIPLE_DOUBLE } from './rules.ts';
import { siteAt, type Names, type Site } from './site.ts';

const KEY = String.raw`(?:[\w-]+|"[^"\n]*"|'[^'\n]*')`;
const DOTTED = String.raw`${KEY}(?:[ \t]*\.[ \t]*${KEY})*`;
const LINE = new RegExp(String.raw`^[ \t]*(?:\[(\[?)[ \t]*(${DOTTED})[ \t]*\]?\]|(${DOTTED})[ \t]*=[ \t]*)`, 'gm');
const ends = endsWith(/[ \t\r]*(?:\n|$)/);

/** TOML: `key = 1` below `[section]`, named `section.key`; the second `[[table]]` is `table.1`. */
export const TOML: Language = {
  name: 'TOML',
  extensions: ['.toml'],
  syntax: syntaxOf(HASH, TRIPLE_DOUBLE, { open: /'''/y, close: "'''", string: true, lines: true }, DOUBLE, {
    open: /'/y,
    close: "'",
    string: true,
  }),
  notation: NOTATION,
  open,
};

function open(text: string, { syntax = { starts: '', rules: [] }, notation }: Language): Names {
  const code = new Code(text, syntax);
  const { masked, uncommented } = code;
  const tables = new Map<string, number>();
  const sites = new Map<string, Site[]>();
  let section = '';
  for (const match of uncommented.matchAll(LINE)) {
    const [whole, array, header, key] = match;
    if (code.around(match.index).bracket !== '' || isBlanked(masked, uncommented, match.index, whole.length)) continue;
    if (header !== undefined) {
      const path = plainKey(header);
      const index = tables.get(path) ?? 0;
      tables.set(path, index + 1);
      section = array === '[' ? `${path}.${index}.` : `${path}.`;
    } else if (key !== undefined) {
      const name = section + plainKey(key);
      const site = siteAt(text, match.index + whole.length, notation, (end) => ends(masked, end));
      sites.set(name, [...(sites.get(name) ?? []), site]);
    }
  }
  return { find: (name) => sites.get(name) ?? [], list: () => [...sites.keys()] };
}

// A line of a multi-line string looks like code, but all of it is blank in the masked text.
function isBlanked(masked: string, code: string, index: number, length: number): boolean {
  const written = code.slice(index, index + length);
  return written.trim() !== '' && masked.slice(index, index + length).trim() === '';
}

function plainKey(key: string): string {
  return [...key.matchAll(new RegExp(KEY, 'g'))].map(([part]) => part.replace(/^["']|["']$/g, '')).join('.');
}
