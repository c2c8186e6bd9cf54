import { extname } from 'node:path';
import { locateJs } from './locate-js.ts';
import { locatePython } from './locate-python.ts';
import { locateToml } from './locate-toml.ts';
import { locateJson, locateYaml, similarYaml } from './locate-yaml.ts';
import type { Locator, Site } from './site.ts';

type Locate = (text: string) => Locator;

const BY_EXTENSION: Readonly<Record<string, Locate>> = {
  ...Object.fromEntries(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'].map((extension) => [extension, locateJs])),
  ...Object.fromEntries(['.py', '.pyi'].map((extension) => [extension, locatePython])),
  ...Object.fromEntries(['.yaml', '.yml'].map((extension) => [extension, locateYaml])),
  ...Object.fromEntries(['.json', '.jsonc', '.json5'].map((extension) => [extension, locateJson])),
  '.toml': locateToml,
};

const EXTENSIONS = Object.keys(BY_EXTENSION);

export type Found = { readonly site: Site } | { readonly problem: string };

/** Finds names in one file: the one place where a name gets a plain value, or what is wrong. */
export function createFinder(file: string, text: string): (name: string) => Found {
  const locator = BY_EXTENSION[extname(file).toLowerCase()]?.(text);
  if (locator === undefined) return () => ({ problem: `files of this kind cannot be searched; known are ${EXTENSIONS.join(' ')}` });
  return (name) => {
    const sites = locator(name);
    const [site] = sites;
    if (site === undefined) return { problem: `there is no assignment of it${hintFor(file, text, name)}` };
    if (sites.length > 1) return { problem: `it is assigned ${sites.length} times, in lines ${sites.map(({ line }) => line).join(', ')}` };
    if (site.value === null) return { problem: `line ${site.line} has \`${cut(site.text)}\`, which is not a plain number, word or string` };
    return { site };
  };
}

function hintFor(file: string, text: string, name: string): string {
  if (!/\.(ya?ml|jsonc?)$/i.test(file)) return '';
  const similar = similarYaml(text, name).slice(0, 3);
  return similar.length === 0 ? '' : `; did you mean ${similar.map((path) => `\`${path}\``).join(' or ')}?`;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
