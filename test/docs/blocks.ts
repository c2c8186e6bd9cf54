import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownSkills } from '../../src/skills/install.ts';

export interface Block {
  /** Such as `docs/data.md:51`. */
  readonly at: string;
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** Why nothing is checked in it: of a comment `<!-- not checked: why -->` before it. */
  readonly unchecked: string | null;
}

const root = join(import.meta.dirname, '../..');
const NOTE = /<!-- not checked: (.+?) -->\s*$/;

export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...ownSkills().map(({ name }) => `skills/${name}/SKILL.md`),
].toSorted();

export const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Every block of code on every page. */
export function blocksOf(page: string, text = textOf(page)): Block[] {
  return [...text.matchAll(/^([ >]*)(```+|~~~+)([^\n`]*)\n(.*?)^\1\2[ \t]*$/gms)].map((match) => {
    const [, indent = '', , language = '', body = ''] = match;
    const before = text.slice(0, match.index);
    return {
      at: `${page}:${before.split('\n').length}`,
      page,
      language: language.trim(),
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      unchecked: NOTE.exec(before)?.[1] ?? null,
    };
  });
}

/** Code within sentences. */
export function inlineOf(page: string): { readonly at: string; readonly text: string }[] {
  const text = textOf(page).replaceAll(/^([ >]*)(```+|~~~+)[^]*?^\1\2[ \t]*$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
  return [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(({ 1: code = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    text: code,
  }));
}
