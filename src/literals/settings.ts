/** Files of settings, a line each: INI, .env, properties, and plain `KEY value`. */
import { asEntries, wordEnd, type Entry } from './entries.ts';
import type { Language } from './forms.ts';
import { lineEnd } from './mask.ts';
import { notation } from './notation.ts';

const TEXT = notation({
  separator: '',
  bare: true,
  quotes: '',
  words: [
    ['true', 'false'],
    ['True', 'False'],
    ['TRUE', 'FALSE'],
  ],
});

export const SETTINGS: readonly Language[] = [
  {
    name: '.env',
    extensions: ['.env'],
    files: /^\.env(?:\..+)?$/,
    notation: TEXT,
    open: asEntries((text) => entriesOf(text, false)),
  },
  {
    name: 'INI and plain `KEY value`',
    extensions: '.ini .cfg .cnf .conf .properties .txt .params .opts .prototxt .textproto .pbtxt .service'.split(' '),
    notation: TEXT,
    open: asEntries((text) => entriesOf(text, true)),
  },
];

const EQUALS = /^[ \t]*(?:export[ \t]+)?(?:([^\s=:#;[\]"'<>(){}$][^=:#;\n<>(){}$"']{0,40}?)[ \t]*=|([\w.$@/-]+)[ \t]*:)[ \t]*/;
// One word, or a text in quotes: more is prose.
const SPACE = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.$@/-]*)[ \t]+(?=(?:"[^"]*"|'[^']*'|[^\s"']+)[ \t]*(?:;[ \t]*)?(?:[#;]|\/\/|$))/;
const SECTION = /^[ \t]*\[([^\]\n]+)\][ \t]*(?:[#;].*)?$/;
const COMMENT = /^[ \t]*(?:[#;!%]|\/\/)/;

/** Names below `[section]` are `section.name`. */
function entriesOf(text: string, hasSections: boolean): Entry[] {
  const entries: Entry[] = [];
  let section = '';
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text
      .slice(at, lineEnd(text, at))
      .replace(/\r$/, '')
      .replace(/^\uFEFF/, ' ');
    const header = hasSections ? SECTION.exec(line)?.[1] : undefined;
    if (header !== undefined) section = `${header.trim()}.`;
    if (header !== undefined || COMMENT.test(line)) continue;
    const match = EQUALS.exec(line) ?? SPACE.exec(line);
    const name = match?.[1] ?? match?.[2];
    if (match === null || name === undefined) continue;
    const [lead] = match;
    entries.push({ name: section + name.trim(), start: at + lead.length, end: at + valueEnd(line, lead.length) });
  }
  return entries;
}

/** Before a comment, which needs a space before it, and before a semicolon at the end. */
function valueEnd(line: string, start: number): number {
  const first = line.charAt(start);
  const end = first === '"' || first === "'" ? wordEnd(line, start, /\s|;/) : line.length;
  const rest = line.slice(end === line.length ? start : end);
  const from = end === line.length ? start : end;
  const comment = /(?:^|[ \t])(?:[#;]|\/\/)|;[ \t]*$/.exec(rest);
  return comment === null ? line.trimEnd().length : from + comment.index;
}
