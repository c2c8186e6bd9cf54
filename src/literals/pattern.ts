import { partsOf } from './mask.ts';
import type { Found } from './found.ts';
import type { Language } from './forms.ts';
import { notation, readWhole } from './notation.ts';
import { lineOf } from './site.ts';

/** Where no language is known, a text without quotes is a string as it stands. */
const PLAIN = notation({
  words: [
    ['true', 'false'],
    ['True', 'False'],
    ['TRUE', 'FALSE'],
  ],
  floatSuffix: '[fFdDlL]',
  bare: true,
});

/** What is wrong with a pattern; null where it can be used. */
export function problemOfPattern(pattern: string): string | null {
  try {
    const groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
    return groups === 1
      ? null
      : `the pattern \`${pattern}\` needs one group in parentheses, the value, and has ${groups}; (?:…) groups without capturing`;
  } catch (error) {
    return `the pattern \`${pattern}\` is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The place of a pattern's group. `^` and `$` stand for line ends. */
export function findByPattern(text: string, pattern: string, language: Language | undefined): Found {
  const problem = problemOfPattern(pattern);
  if (problem !== null) return { problem };
  const comments = language?.syntax === undefined ? [] : partsOf(text, language.syntax).filter(({ isString }) => !isString);
  const places = [...text.matchAll(new RegExp(pattern, 'dgm'))].flatMap(({ index, 0: whole, indices }) => {
    const [start, end] = indices?.[1] ?? [-1, -1];
    // A pattern that begins with the comment itself means it, such as `#SBATCH --nodes=(\d+)`.
    const first = index + whole.length - whole.trimStart().length;
    const isComment = comments.some((comment) => comment.start < first && first < comment.end);
    return isComment || start < 0 ? [] : [{ start, end }];
  });
  const [place] = places;
  if (place === undefined) return { problem: `nothing fits the pattern \`${pattern}\`` };
  const line = lineOf(text, place.start);
  if (places.length > 1) {
    const lines = places.map(({ start }) => lineOf(text, start)).join(', ');
    return {
      problem: `the pattern \`${pattern}\` fits ${places.length} places, in lines ${lines}; make it say more of what stands around`,
    };
  }
  const written = text.slice(place.start, place.end);
  const value = readWhole(written, PLAIN);
  if (value === null)
    return { problem: `line ${line}: the group of the pattern \`${pattern}\` holds \`${written}\`, which is not one plain value` };
  return { site: { line, ...place, text: written, value }, language: { name: 'unknown', notation: PLAIN } };
}
