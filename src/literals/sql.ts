import { asForms, endsWith, type Form, type Language } from './forms.ts';
import { notation } from './notation.ts';
import { BLOCK, DASHES, SINGLE_TWICE, syntaxOf } from './rules.ts';

const ends = endsWith(/\s*(?:[;,)]|$)|[ \t]*\r?\n/);
const word = (text: string) => `(?:${text.toUpperCase()}|${text.toLowerCase()})`;

const FORMS: readonly Form[] = [
  {
    lead: String.raw`\b${word('set')}\s+(?:(?:${word('global')}|${word('session')}|${word('local')}|${word('persist')})\s+)?NAME\s*(?:=|:=|\b${word('to')}\b)\s*`,
    ends,
  },
  { lead: String.raw`(?<=,\s*)(?=@)NAME\s*:?=\s*`, ends },
  { lead: String.raw`\b${word('pragma')}\s+NAME\s*[=(]\s*`, ends },
  // `DECLARE @n INT = 5`, and `n CONSTANT integer := 5` in a block.
  { lead: String.raw`(?<=\b${word('declare')}\s+)NAME\s+[A-Za-z]\w*(?:\s*\([\d,\s]*\))?\s*(?:=|\b${word('default')}\b)\s*`, ends },
  { lead: String.raw`(?<![\w@.])NAME\s+(?:${word('constant')}\s+)?[A-Za-z]\w*(?:\s*\([\d,\s]*\))?\s*:=\s*`, ends },
  { lead: String.raw`(?<![\w@.])NAME\s*(?::=|=>)\s*`, ends },
  { lead: String.raw`^\\set[ \t]+NAME[ \t]+`, ends },
];

/** SQL and its procedural dialects: what is set, declared or given by name, and `1 AS name` of a select. */
export const SQL: Language = {
  name: 'SQL',
  extensions: ['.sql', '.psql', '.ddl', '.duckdb'],
  syntax: syntaxOf(DASHES, BLOCK, SINGLE_TWICE),
  notation: notation({
    separator: '',
    quotes: "'",
    words: [
      ['true', 'false'],
      ['TRUE', 'FALSE'],
      ['on', 'off'],
      ['ON', 'OFF'],
    ],
  }),
  open: asForms(
    [...FORMS, { lead: String.raw`\s+${word('as')}\s+NAME\b`, ends, precedes: true }],
    String.raw`@{0,2}[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`,
  ),
};
