/** Languages of shells, builds, statistics and databases. */
import { endsAtLine } from './javascript.ts';
import { asForms, endsWith, type Form, type Language } from './forms.ts';
import { notation } from './notation.ts';
import { DASHES, DOUBLE, DOUBLE_TWICE, HASH, SINGLE, SINGLE_TWICE, syntaxOf, TRIPLE_DOUBLE } from './rules.ts';

const IDENTIFIER = String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const BEFORE = String.raw`(?<![\w$.@])`;
const ALONE = String.raw`(?<![\w$.@]|,[ \t]*)`;
const atLine: Form['ends'] = (masked, end) => endsAtLine(masked.slice(end, end + 400));
const inList = endsWith(/\s*[;,)}\]]/);
const atEnd = endsWith(/[ \t]*(?:[;)}]|\r?\n|\r?$)/);

/** Where `a, b = 1, 2` gives two names two values, a comma counts only inside brackets. */
const statement = (equals: string): Form[] => [
  { lead: String.raw`${ALONE}NAME${equals}`, outside: '([{', ends: atEnd },
  { lead: String.raw`${BEFORE}NAME${equals}`, inside: '([{', ends: inList, fallback: true },
];

const LONG_LUA = { close: (opened: string) => opened.replaceAll('[', ']').replace('--', ''), lines: true };

export const SCRIPTS: readonly Language[] = [
  {
    name: 'Lua',
    extensions: ['.lua'],
    syntax: syntaxOf({ open: /--\[=*\[/y, ...LONG_LUA }, DASHES, { open: /\[=*\[/y, ...LONG_LUA, string: true }, DOUBLE, SINGLE),
    notation: notation({ separator: '' }),
    open: asForms(
      [
        ...statement(String.raw`\s*(?:<\w+>\s*)?=(?!=)\s*`),
        { lead: String.raw`(?<=\[)`, key: { after: '[', between: String.raw`\]\s*=\s*` }, inside: '[', ends: inList, fallback: true },
      ],
      IDENTIFIER,
    ),
  },
  {
    name: 'Julia',
    extensions: ['.jl'],
    syntax: syntaxOf({ open: /#=/y, close: '=#', nests: '#=', lines: true }, HASH, TRIPLE_DOUBLE, { ...DOUBLE, lines: true }),
    notation: notation({ exponent: 'eEf', quotes: '"', interpolation: /\$/ }),
    open: asForms(statement(String.raw`\s*(?:::[\w{}.]+\s*)?=(?![=>])\s*`), String.raw`[A-Za-z_]\w*!?(?:\.[A-Za-z_]\w*)*`),
  },
  {
    name: 'R',
    extensions: ['.r', '.rmd'],
    syntax: syntaxOf(
      HASH,
      { open: /[rR]"-*\(/y, close: ')"', string: true, lines: true },
      { ...DOUBLE, lines: true },
      { ...SINGLE, lines: true },
    ),
    notation: notation({
      separator: '',
      intSuffix: 'L',
      floatSuffix: 'L',
      words: [
        ['TRUE', 'FALSE'],
        ['T', 'F'],
      ],
    }),
    open: asForms(
      [
        { lead: String.raw`(?<![\w.$@])NAME\s*(?:<<?-|=(?!=))\s*`, outside: '([', ends: atLine },
        { lead: String.raw`(?<![\w.$@])NAME\s*=(?!=)\s*`, inside: '([', ends: inList, fallback: true },
      ],
      String.raw`[A-Za-z.][\w.]*(?:\$[A-Za-z.][\w.]*)*`,
    ),
  },
  {
    name: 'Ruby',
    extensions: ['.rb', '.rake'],
    files: /^(?:gemfile|rakefile)$/,
    syntax: syntaxOf(
      { open: /^=begin\b/my, close: '\n=end', lines: true },
      { open: /#(?!\{)/y },
      { ...DOUBLE, lines: true },
      { ...SINGLE, lines: true },
    ),
    notation: notation({ interpolation: /^".*#\{/s }),
    open: asForms(
      [
        { lead: String.raw`${ALONE}NAME\s*(?:\|\|)?=(?![=>~])\s*`, outside: '([', ends: atLine },
        {
          lead: String.raw`(?<![\w$.@:])`,
          key: { after: '{,(', between: String.raw`\s*:(?!:)\s*` },
          inside: '{([',
          ends: inList,
          fallback: true,
        },
        { lead: ':?', key: { after: '{,(', between: String.raw`\s*=>\s*` }, inside: '{([', ends: inList, fallback: true },
      ],
      String.raw`[A-Za-z_]\w*`,
    ),
  },
  {
    name: 'Fortran',
    extensions: ['.f90', '.f95', '.f03', '.f08'],
    syntax: syntaxOf({ open: /!/y }, DOUBLE_TWICE, SINGLE_TWICE),
    notation: notation({
      separator: '',
      exponent: 'eEdD',
      floatSuffix: '_\\w+',
      intSuffix: '_\\w+',
      words: [
        ['.true.', '.false.'],
        ['.TRUE.', '.FALSE.'],
      ],
    }),
    open: asForms(
      [{ lead: String.raw`(?<![\w%])NAME\s*=(?![=>])\s*`, outside: '(', ends: endsWith(/[ \t]*(?:[,;]|\r?\n|\r?$)/) }],
      String.raw`[A-Za-z]\w*(?:%[A-Za-z]\w*)*`,
    ),
  },
];
