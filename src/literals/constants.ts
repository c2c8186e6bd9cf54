import { createFinder } from './find.ts';
import type { Found } from './found.ts';
import { languageOf } from './languages.ts';
import type { Scalar } from '../experiment.ts';
import { isSameValue, writeLiteral } from './write.ts';

/** A name with a plain value in a file. */
export interface Constant {
  readonly name: string;
  readonly value: Scalar;
  /** The value as it is written, such as `1e-3f`. */
  readonly text: string;
  /** Counts from 1. */
  readonly line: number;
  /** Offsets of `text` in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * The names that a file gives one plain value: a number, a switch or a string. By their places; each can be found and set
 * by its name. Empty where the language of the file is not known.
 */
export function listConstants(file: string, text: string): readonly Constant[] {
  const language = languageOf(file, text);
  if (language === undefined) return [];
  const find = createFinder(file, text);
  const all = language
    .open(text, language)
    .list()
    .flatMap((name) => constantOf(name, find(name)));
  return all.toSorted((a, b) => a.start - b.start || a.name.length - b.name.length);
}

/** The constant of a name, or of a pattern with one group; else what is wrong. */
export function findConstant(file: string, text: string, name: string, pattern?: string): Constant | { readonly problem: string } {
  const found = createFinder(file, text)(name, pattern);
  return 'problem' in found ? found : (constantOf(name, found)[0] ?? { problem: 'it has no plain value' });
}

/**
 * The text with one constant's value replaced; everything else stays as it is, byte for byte.
 * @throws Error when the constant is not there, or cannot be read back from the new text
 */
export function setConstant(file: string, text: string, name: string, value: Scalar, pattern?: string): string {
  const found = createFinder(file, text)(name, pattern);
  if ('problem' in found) throw new Error(`${file}: ${name}: ${found.problem}`);
  const { start, end, text: written, value: current } = found.site;
  if (isSameValue(current, value)) return text;
  const literal = writeLiteral(written, value, found.language);
  const changed = text.slice(0, start) + literal + text.slice(end);
  const again = createFinder(file, changed)(name, pattern);
  if (
    'problem' in again ||
    again.site.start !== start ||
    again.site.end !== start + literal.length ||
    !isSameValue(again.site.value, value)
  ) {
    throw new Error(`${file}: ${name}: line ${found.site.line} has \`${written}\`, and ${JSON.stringify(value)} cannot be written there`);
  }
  return changed;
}

function constantOf(name: string, found: Found): Constant[] {
  if ('problem' in found || found.site.value === null) return [];
  return [{ name, ...found.site, value: found.site.value }];
}
