/** Languages like C: `=` gives a value, braces hold fields. */
import { assigned, atLine, atSign, BEFORE, EQUALS, field, IDENTIFIER } from './brace-forms.ts';
import type { Rule } from './mask.ts';
import { asForms, endsWith, type Form, type Language } from './forms.ts';
import { notation } from './notation.ts';
import {
  BACKTICK,
  BLOCK,
  CHARACTER,
  DOUBLE,
  HASH,
  NESTED_BLOCK,
  SINGLE,
  SLASHES,
  syntaxOf,
  TRIPLE_DOUBLE,
  TRIPLE_SINGLE,
} from './rules.ts';

const C_FORMS: readonly Form[] = [
  ...assigned(atSign),
  { lead: String.raw`^[ \t]*#[ \t]*define[ \t]+NAME[ \t]+\(?`, ends: endsWith(/\)?[ \t\r]*(?:\n|$)/) },
  { lead: String.raw`${BEFORE}NAME\s*\{\s*(?=[-+.\d"tf])`, ends: endsWith(/\s*\}\s*[;,]/) },
  { lead: String.raw`(?<=[{,]\s*)\.NAME\s*${EQUALS}`, inside: '{', ends: atSign, fallback: true },
];

const C = notation({ separator: "'", intSuffix: '[uU]?[lL]{0,2}[uUzZ]?', floatSuffix: '[fFlLhH]|f16|f32|bf16', quotes: '"' });
const RUST = notation({ intSuffix: '_?[iu](?:8|16|32|64|128|size)', floatSuffix: '_?f(?:16|32|64|128)', quotes: '"' });

const RAW_C: Rule = {
  open: /(?:u8|[uUL])?R"[^()\\\s"]{0,16}\(/y,
  close: (opened) => `)${opened.slice(opened.indexOf('"') + 1, -1)}"`,
  string: true,
  lines: true,
};
const RAW_RUST: Rule = { open: /b?r#*"/y, close: (opened) => `"${'#'.repeat(opened.split('#').length - 1)}`, string: true, lines: true };
const RAW_SWIFT: Rule = { open: /#+"/y, close: (opened) => `"${'#'.repeat(opened.length - 1)}`, string: true };
const VERBATIM: Rule = { open: /(?:\$@|@\$|@)"/y, close: '"', escape: 'doubled', string: true, lines: true };

export const BRACES: readonly Language[] = [
  {
    name: 'C, C++ and CUDA',
    extensions: '.c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .inl .ino .cu .cuh .mm .metal .cl .glsl .vert .frag .comp .hlsl'.split(' '),
    syntax: syntaxOf(SLASHES, BLOCK, RAW_C, DOUBLE, CHARACTER),
    notation: C,
    open: asForms(C_FORMS, IDENTIFIER),
  },
  {
    name: 'Rust',
    extensions: ['.rs'],
    syntax: syntaxOf(SLASHES, NESTED_BLOCK, RAW_RUST, { ...DOUBLE, lines: true }, CHARACTER),
    notation: RUST,
    open: asForms([...assigned(atSign), field(atSign)], IDENTIFIER),
  },
  {
    name: 'Go',
    extensions: ['.go'],
    syntax: syntaxOf(SLASHES, BLOCK, DOUBLE, BACKTICK, CHARACTER),
    notation: notation({ quotes: '"`' }),
    open: asForms(
      [
        // A comma makes it one of several: `a, b := 1, 2`.
        {
          lead: String.raw`(?<![\w.]|,[ \t]*)NAME(?:[ \t]+[\w.*[\]]+)?[ \t]*:?=(?!=)[ \t]*`,
          ends: endsWith(/[ \t]*(?:[;)}]|\r?\n|\r?$)/),
        },
        field(atSign),
      ],
      String.raw`(?!(?:var|const|type|return)\b)${IDENTIFIER}`,
    ),
  },
  {
    name: 'C#',
    extensions: ['.cs', '.csx'],
    syntax: syntaxOf(SLASHES, BLOCK, TRIPLE_DOUBLE, VERBATIM, DOUBLE, CHARACTER),
    notation: notation({ intSuffix: '[uU]?[lL]?[uU]?', floatSuffix: '[fFdDmM]', quotes: '"' }),
    open: asForms(
      [...assigned(atSign), { lead: String.raw`${BEFORE}NAME\s*\{[^{}\n]*\}\s*${EQUALS}`, ends: atSign }, field(atSign, '(')],
      IDENTIFIER,
    ),
  },
  {
    name: 'Swift',
    extensions: ['.swift'],
    syntax: syntaxOf(SLASHES, NESTED_BLOCK, TRIPLE_DOUBLE, RAW_SWIFT, DOUBLE),
    notation: notation({ quotes: '"' }),
    open: asForms([...assigned(atLine), field(atSign)], IDENTIFIER),
  },
  {
    name: 'Dart',
    extensions: ['.dart'],
    syntax: syntaxOf(SLASHES, NESTED_BLOCK, TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE),
    notation: notation({ interpolation: /\$/ }),
    open: asForms([...assigned(atSign), field(atSign)], IDENTIFIER),
  },
  {
    name: 'Zig',
    extensions: ['.zig'],
    syntax: syntaxOf(SLASHES, DOUBLE, CHARACTER),
    notation: notation({ quotes: '"' }),
    open: asForms(
      [...assigned(atSign), { lead: String.raw`(?<=[{,]\s*)\.NAME\s*${EQUALS}`, inside: '{', ends: atSign, fallback: true }],
      IDENTIFIER,
    ),
  },
  {
    name: 'PHP',
    extensions: ['.php'],
    syntax: syntaxOf(SLASHES, { open: /#(?!\[)/y }, BLOCK, { ...DOUBLE, lines: true }, { ...SINGLE, lines: true }),
    notation: notation({ interpolation: /^".*[${]/s }),
    open: asForms(
      [
        ...assigned(atSign, String.raw`(?<![\w.]|->|::)\$?`),
        { lead: String.raw`(?<=\bdefine\s*\(\s*)`, key: { after: '(', between: String.raw`\s*,\s*` }, inside: '(', ends: atSign },
        { lead: '', key: { after: '[(,', between: String.raw`\s*=>\s*` }, inside: '[(', ends: atSign, fallback: true },
        field(atSign, '('),
      ],
      String.raw`[A-Za-z_]\w*(?:(?:->|::)\$?[A-Za-z_]\w*)*`,
    ),
  },
  {
    name: 'HCL',
    extensions: ['.tf', '.tfvars', '.hcl'],
    syntax: syntaxOf(HASH, SLASHES, BLOCK, DOUBLE),
    notation: notation({ quotes: '"', interpolation: /[$%]\{/ }),
    open: asForms(assigned(atLine), IDENTIFIER),
  },
];
