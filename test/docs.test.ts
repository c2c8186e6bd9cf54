import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../src/program.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('the README leads to every page of docs/', () => {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((name) => !read('README.md').includes(`(docs/${name})`))).toEqual([]);
});

test('the README shows every command', () => {
  const commands = createProgram().commands.map((command) => command.name());
  expect(commands.filter((name) => !read('README.md').includes(`npx autoresearch ${name}`))).toEqual([]);
});

test('the first table of the README has at most ten commands', () => {
  const [, table = ''] = /\n\n(\| command [^]*?)\n\n/.exec(read('README.md')) ?? [];
  const commands = table.split('\n').filter((line) => line.startsWith('| `'));
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.length).toBeLessThanOrEqual(10);
});

test('the README says first what it is, then how to install it, then how to use it', () => {
  const headings = [...read('README.md').matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(headings.slice(0, 2)).toEqual(['Install', 'Your own project']);
  expect(read('README.md').indexOf('.svg')).toBeLessThan(read('README.md').indexOf('## Install'));
});

/** Links in Markdown that lead into the repository: the file they are in, and where they lead. */
function linksOf(page: string): { page: string; file: string; anchor: string | undefined }[] {
  const text = read(page).replaceAll(/```[^]*?```|`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, path = '', anchor]) => ({
    page,
    file: path === '' ? page : join(dirname(page), path),
    anchor,
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('links between pages lead to files and headings that exist', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const links = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', ...pages.map((name) => join('docs', name))].flatMap(linksOf);
  expect(links.length).toBeGreaterThan(100);
  const dead = links.filter(({ file, anchor }) => {
    if (!existsSync(join(root, file))) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
  });
  expect(dead).toEqual([]);
});

test('docs/dependencies.md says why each dependency is there', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const page = read('docs/dependencies.md');
  const names = Object.keys({ ...dependencies, ...devDependencies }).map((name) => (name.startsWith('@stdlib/') ? '@stdlib' : name));
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});
