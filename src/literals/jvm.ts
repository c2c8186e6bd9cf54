/** Languages of the Java machine. */
import { assigned, atLine, atSign, field, IDENTIFIER } from './brace-forms.ts';
import { asForms, type Language } from './forms.ts';
import { notation } from './notation.ts';
import { BLOCK, CHARACTER, DOUBLE, NESTED_BLOCK, SINGLE, SLASHES, syntaxOf, TRIPLE_DOUBLE, TRIPLE_SINGLE } from './rules.ts';

const JVM = notation({ intSuffix: '[lLuU]+', floatSuffix: '[fFdD]', quotes: '"' });
const jvm = { notation: JVM, syntax: syntaxOf(SLASHES, NESTED_BLOCK, TRIPLE_DOUBLE, DOUBLE, CHARACTER) };

export const JVM_LANGUAGES: readonly Language[] = [
  {
    name: 'Java',
    extensions: ['.java'],
    ...jvm,
    syntax: syntaxOf(SLASHES, BLOCK, TRIPLE_DOUBLE, DOUBLE, CHARACTER),
    open: asForms(assigned(atSign), IDENTIFIER),
  },
  {
    name: 'Kotlin',
    extensions: ['.kt', '.kts'],
    ...jvm,
    notation: notation({ intSuffix: '[uU]?L?', floatSuffix: '[fF]', quotes: '"', interpolation: /\$/ }),
    open: asForms(assigned(atLine), IDENTIFIER),
  },
  { name: 'Scala', extensions: ['.scala', '.sc', '.sbt'], ...jvm, open: asForms(assigned(atLine), IDENTIFIER) },
  {
    name: 'Groovy',
    extensions: ['.groovy', '.gradle', '.nf'],
    syntax: syntaxOf(SLASHES, BLOCK, TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE),
    notation: notation({ intSuffix: '[lLgGiI]', floatSuffix: '[fFdDgG]', interpolation: /^".*\$/s }),
    open: asForms([...assigned(atLine), field(atLine)], IDENTIFIER),
  },
];
