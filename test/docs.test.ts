import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('docs/dependencies.md says why each dependency is there', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const page = read('docs/dependencies.md');
  const names = Object.keys({ ...dependencies, ...devDependencies }).map((name) => (name.startsWith('@stdlib/') ? '@stdlib' : name));
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});
