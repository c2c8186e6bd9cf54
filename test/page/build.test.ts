import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPage, isPageBuilt } from '../../scripts/build-page.ts';
import { makeFolder } from '../helpers/repo.ts';

it('a build is used again only while it is a build of the files that are here', async () => {
  const dir = makeFolder();
  expect(isPageBuilt(dir)).toBe(false);
  await buildPage(dir);
  expect(isPageBuilt(dir)).toBe(true);
  const file = join(dir, 'inputs.json');
  const inputs = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const some = ['page/main.tsx', 'page/render.tsx', 'page/index.html', 'page/styles/base.css', 'src/views/format.ts', 'src/experiment.ts'];
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(some));
  for (const name of some) {
    writeFileSync(file, JSON.stringify({ ...inputs, [name]: 'of another text' }));
    expect(isPageBuilt(dir), name).toBe(false);
  }
  writeFileSync(file, JSON.stringify({ ...inputs, 'page/gone.tsx': 'x' }));
  expect(isPageBuilt(dir)).toBe(false);
});
