import { extname } from 'node:path';
import { cut } from './cut.ts';
import { LANGUAGES, languageOf } from './languages.ts';
import type { Found } from './found.ts';
import { findByPattern } from './pattern.ts';

/** Finds in one file the place where a name, or a pattern with one group, has its value; else what is wrong. */
export type Finder = (name: string, pattern?: string) => Found;

/** The one place where a name gets a plain value, or what is wrong. */
export function createFinder(file: string, text: string): Finder {
  const language = languageOf(file, text);
  const names = language?.open(text, language);
  return (name, pattern) => {
    if (pattern !== undefined) return findByPattern(text, pattern, language);
    if (language === undefined || names === undefined) return { problem: unknownKind(file) };
    const sites = names.find(name);
    const [site] = sites;
    if (site === undefined) return { problem: `there is no assignment of it${hintFor(name, names.list())}` };
    if (sites.length > 1) {
      const lines = sites.map(({ line }) => line).join(', ');
      return { problem: `it is assigned ${sites.length} times, in lines ${lines}` };
    }
    if (site.value === null) {
      return { problem: `line ${site.line} has \`${cut(site.text)}\`, which is not a plain number, word or string` };
    }
    return { site, language };
  };
}

function unknownKind(file: string): string {
  const kind = extname(file) === '' ? 'files of this kind' : `${extname(file)} files`;
  return `${kind} are not among the known ones (${LANGUAGES.map(({ name }) => name).join(', ')})`;
}

function hintFor(name: string, known: readonly string[]): string {
  const similar = known.filter((one) => one.toLowerCase() === name.toLowerCase() || one.endsWith(`.${name}`)).slice(0, 3);
  return similar.length === 0 ? '' : `; did you mean ${similar.map((one) => `\`${one}\``).join(' or ')}?`;
}
