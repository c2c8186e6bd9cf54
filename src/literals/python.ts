import { asForms, endsWith, type Form, type Language } from './forms.ts';
import { notation } from './notation.ts';
import { DOUBLE, HASH, SINGLE, syntaxOf, TRIPLE_DOUBLE, TRIPLE_SINGLE } from './rules.ts';

const ARGUMENT_ENDS = endsWith(/\s*[,)}\]]/);
const FORMS: readonly Form[] = [
  {
    lead: String.raw`(?<=^[ \t]*|;[ \t]*)NAME[ \t]*(?::[^=\n]+)?=(?!=)[ \t]*`,
    outside: '([{',
    ends: endsWith(/[ \t\r]*(?:\n|;|$)/),
  },
  // Flags of argparse and click: the value they have when nobody gives one.
  {
    lead: String.raw`(?<=\b(?:add_argument|option|Option)\(\s*(?:["'][-\w]+["']\s*,\s*){0,3})`,
    key: { after: '(,', between: String.raw`\s*,[^()]*?(?:\([^()]*\)[^()]*?)*?\bdefault\s*=\s*` },
    inside: '(',
    ends: ARGUMENT_ENDS,
  },
  { lead: String.raw`(?<=[(,]\s*)NAME\s*(?::[^=,()\n]+)?=(?!=)\s*`, inside: '([{', ends: ARGUMENT_ENDS, fallback: true },
  { lead: '', key: { after: '{,', between: String.raw`\s*:\s*` }, inside: '{', ends: ARGUMENT_ENDS, fallback: true },
];

/** Python: `NAME = 1`, `NAME: int = 1`, `add_argument("--name", default=1)`; where there is none, `name=1` in brackets or `"name": 1` in a dict. */
export const PYTHON: Language = {
  name: 'Python',
  extensions: ['.py', '.pyi', '.pyx'],
  syntax: syntaxOf(HASH, TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE),
  notation: notation({ words: [['True', 'False']] }),
  open: asForms(FORMS, String.raw`(?:--?)?[A-Za-z_][\w-]*(?:\.[A-Za-z_]\w*)*`),
};
