import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Every file the page describes: names in backticks at the start of a list line, below a heading that is a folder. */
function described(): string[] {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const tree = page.slice(page.indexOf('## The tree'), page.indexOf('### Beside the source'));
  const sections = tree.split(/^### /m).slice(1);
  return sections.flatMap((section) => {
    const folder = section.slice(0, section.indexOf('\n'));
    const lines = section.split('\n').filter((line) => line.startsWith('- `'));
    const names = lines.flatMap((line) => /^- ((?:`[^`]+` )+)/.exec(line)?.[1]?.match(/[^` ]+/g) ?? []);
    return names.filter((name) => /\.ts$|\/$/.test(name)).map((name) => `${folder}${name}`);
  });
}

/** The real tree: each file of src/, each plugin's folder. */
function real(): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'plugins'], { cwd: root, encoding: 'utf8' });
  const files = out
    .trim()
    .split('\n')
    .filter((file) => !file.endsWith('.test.ts'));
  return [...new Set(files.map((file) => (file.startsWith('plugins/') ? `${file.split('/').slice(0, 3).join('/')}/` : file)))];
}

test('ARCHITECTURE.md describes the tree as it is', () => {
  expect(described().toSorted()).toEqual(real().toSorted());
});
