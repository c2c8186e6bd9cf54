import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/repo.ts';

const root = join(import.meta.dirname, '../..');

test('the site has every page, a search, and a list for language models; no link of it is dead', () => {
  const out = makeFolder();
  // VitePress fails on a dead link.
  const { status, stdout, stderr } = spawnSync(process.execPath, ['build.ts', '--out', out, '--base', '/0.1/'], {
    cwd: join(root, 'site'),
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
  const pages = globSync('docs/**/*.md', { cwd: root });
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((page) => !existsSync(join(out, page.replace(/\.md$/, '.html'))))).toEqual([]);

  const text = (path: string) => readFileSync(join(out, path), 'utf8');
  expect(pages.filter((page) => !text('llms.txt').includes(`](${page.replace(/\.md$/, '.html')})`))).toEqual([]);
  expect(text('llms-full.txt')).toContain('BUDGET_EXPERIMENTS');
  expect(JSON.parse(text('schemas/experiment.schema.json'))).toHaveProperty('title');
  // A release keeps its own address, and names its version.
  expect(text('docs/config.html')).toContain('href="/0.1/docs/reference.html"');
  expect(globSync('assets/chunks/*localSearch*', { cwd: out })).not.toEqual([]);
});
