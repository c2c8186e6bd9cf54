import { bracketAround, mask } from './mask.ts';
import { siteAt, type Locator, type Site } from './site.ts';

const KEY = String.raw`(?:[\w-]+|"[^"\n]*"|'[^'\n]*')`;
const DOTTED = String.raw`${KEY}(?:[ \t]*\.[ \t]*${KEY})*`;
const LINE = new RegExp(String.raw`^[ \t]*(?:\[(\[?)[ \t]*(${DOTTED})[ \t]*\]?\]|(${DOTTED})[ \t]*=[ \t]*)`, 'gm');

/** TOML: `key = 1` below `[section]`, named `section.key`; the second `[[table]]` is `table.1`. */
export function locateToml(text: string): Locator {
  const masked = mask(text, 'toml');
  const code = mask(text, 'toml', false);
  const tables = new Map<string, number>();
  const sites = new Map<string, Site[]>();
  let section = '';
  for (const match of code.matchAll(LINE)) {
    const [whole, array, header, key] = match;
    if (bracketAround(masked, match.index) !== '' || isBlanked(masked, code, match.index, whole.length)) continue;
    if (header !== undefined) {
      const path = plainKey(header);
      const index = tables.get(path) ?? 0;
      tables.set(path, index + 1);
      section = array === '[' ? `${path}.${index}.` : `${path}.`;
    } else if (key !== undefined) {
      const name = section + plainKey(key);
      const site = siteAt(text, match.index + whole.length, (end) => /^[ \t\r]*(?:\n|$)/.test(masked.slice(end)));
      sites.set(name, [...(sites.get(name) ?? []), site]);
    }
  }
  return (name) => sites.get(name) ?? [];
}

// A line of a multi-line string looks like code, but all of it is blank in the masked text.
function isBlanked(masked: string, code: string, index: number, length: number): boolean {
  const written = code.slice(index, index + length);
  return written.trim() !== '' && masked.slice(index, index + length).trim() === '';
}

function plainKey(key: string): string {
  return [...key.matchAll(new RegExp(KEY, 'g'))].map(([part]) => part.replace(/^["']|["']$/g, '')).join('.');
}
