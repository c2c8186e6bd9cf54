import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolFolders } from '../../src/sandbox/tool-folders.ts';
import { makeFolder } from '../helpers/repo.ts';

it('a folder of programs brings what is around it, but never the home folder', () => {
  const app = makeFolder();
  const bin = join(app, 'bin');
  for (const folder of ['bin', 'home/me']) mkdirSync(join(app, folder), { recursive: true });
  expect(toolFolders(bin, '/home/me')).toContain(app);
  for (const home of [app, join(app, 'home/me')]) {
    const shown = toolFolders(bin, home);
    expect(shown).toContain(bin);
    expect(shown).not.toContain(app);
  }
});
