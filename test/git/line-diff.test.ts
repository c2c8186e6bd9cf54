import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineDiff } from '../../src/git/line-diff.ts';
import { gitEnv, makeFolder } from '../helpers/repo.ts';

/** Lines of few kinds, so that some are on both sides; the last one may have no end. */
const lines = fc.array(fc.constantFrom('a', 'b', 'x = 1', 'x = 2', '', 'é', 'one\r', '-- c', '++ d', '@@ -1 +1 @@'), { maxLength: 8 });
const text = fc.tuple(lines, fc.boolean()).map(([all, isEnded]) => all.join('\n') + (isEnded && all.length > 0 ? '\n' : ''));

/** Without the lines that name objects, and without line numbers. */
const bare = (diff: string) => diff.replaceAll(/^index .*\n/gm, '').replaceAll(/^@@ -\d+(,\d+)? \+\d+(,\d+)? @@.*$/gm, '@@ -0 +0 @@');

it('says of a change what git says, or leaves it to git', () => {
  const dir = makeFolder();
  let own = 0;
  fc.assert(
    fc.property(text, text, fc.constantFrom('file.py', 'with a space'), (before, after, name) => {
      const ours = lineDiff(name, Buffer.from(before), Buffer.from(after));
      if (ours === null) return;
      own++;
      for (const [folder, content] of [
        ['a', before],
        ['b', after],
      ] as const)
        writeFileSync(join(dir, folder), content);
      const args = ['diff', '--no-index', '--no-color', '-U0', 'a', 'b'];
      const git = spawnSync('git', args, { cwd: dir, env: gitEnv(), encoding: 'utf8' }).stdout;
      const end = name.includes(' ') ? '\t' : '';
      const named = git
        .replace(/^diff .*$/m, `diff --git a/${name} b/${name}`)
        .replace('--- a/a', `--- a/${name}${end}`)
        .replace('+++ b/b', `+++ b/${name}${end}`);
      const body = bare(named);
      // Where lines were only added or only removed beside equal ones, it is a matter of taste which of them these are.
      const isOnlyOne = !/^-(?!-- )/m.test(body) || !/^\+(?!\+\+ )/m.test(body);
      if (isOnlyOne) expect(ours.length).toBe(body.length);
      else expect(ours).toBe(body);
    }),
    { numRuns: 150 },
  );
  expect(own).toBeGreaterThan(50);
});

it.each([
  ['bytes that are no text', 'a.bin', 'a\0b\n', 'a\0c\n'],
  ['a name that git would quote', 'é.py', 'a\n', 'b\n'],
  ['a line that may have stayed', 'a.py', 'a\nb\nc\n', 'x\nb\ny\n'],
  ['a large file', 'a.py', 'a\n', 'b\n'.repeat(200_000)],
])('leaves to git %s', (_what, name, before, after) => {
  expect(lineDiff(name, Buffer.from(before), Buffer.from(after))).toBeNull();
});
