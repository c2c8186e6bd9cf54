/** The tables of docs/cluster.md: what follows when something fails, each line with a test that exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The lines of the tables whose first column is a failure, cell by cell. */
function lines(): { readonly failure: string; readonly test: string }[] {
  const tables = read('docs/cluster.md')
    .split('\n\n')
    .filter((block) => block.startsWith('| failure'));
  return tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((line) => {
        const [, failure = '', , test = ''] = line.split('|').map((cell) => cell.trim());
        return { failure, test };
      }),
  );
}

/** The tests that a cell names: `file` “beginning of a title” and “of another”. */
function testsOf(cell: string): { readonly file: string; readonly title: string }[] {
  return [...cell.matchAll(/`([^`]+\.ts)`((?: and)? “[^”]+”)+/g)].flatMap(([all, file = '']) =>
    [...all.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  );
}

/** The titles of tests, of rules of engines, and of faults that one test goes through. */
const titlesIn = (file: string) =>
  [...read(file).matchAll(/(?:\b(?:it|test|law)(?:\.\w+\(.*?\))?\(\s*|^ *\]\)\(|\bname: )(['"`])((?:\\.|(?!\1).)*)\1/gm)].map(
    ([, , title = '']) => title,
  );

describe('the tables of failures on other machines', () => {
  it('have a test in each line, or say that there is none', () => {
    expect(lines().length).toBeGreaterThan(30);
    const without = lines().filter(({ test }) => testsOf(test).length === 0 && !test.startsWith('no test'));
    expect(without).toEqual([]);
  });

  it('name files that exist, and one test in them for each title', () => {
    const named = lines().flatMap(({ test }) => testsOf(test));
    const wrong = named.filter(({ file, title }) => titlesIn(file).filter((one) => one.startsWith(title)).length !== 1);
    expect(wrong).toEqual([]);
  });

  it.each(['plugins/trainers/ssh', 'plugins/trainers/slurm', 'test/ray'])('have every test of what fails in %s', (folder) => {
    const file = `${folder}/faults.test.ts`;
    const named = lines()
      .flatMap(({ test }) => testsOf(test))
      .filter((one) => one.file === file);
    const left = titlesIn(file).filter((title) => !title.startsWith('lose no trial') && !named.some((one) => title.startsWith(one.title)));
    expect(left).toEqual([]);
  });
});
