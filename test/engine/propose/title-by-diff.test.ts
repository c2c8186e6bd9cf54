import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleByDiff } from '../../../src/engine/propose/title-by-diff.ts';
import { openTestRepo, makeRepo } from '../../helpers/repo.ts';
import { makeProject, run } from '../../helpers/project.ts';

/** The title of an edit, by the diff that git really makes of it. */
function titleOf(before: Record<string, string>, after: Record<string, string | null>): string {
  const repo = makeRepo(before);
  const changes = Object.entries(after).map(([path, text]) => {
    if (text === null) repo.git('rm', '-q', path);
    else repo.write(path, text);
    return { path, kind: text === null ? ('deleted' as const) : path in before ? ('modified' as const) : ('added' as const) };
  });
  return titleByDiff(changes, openTestRepo(repo.dir).git('diff', '-U0', '--no-renames', 'HEAD'));
}

describe('a change without a report is called', () => {
  it.each([
    ['by its value in Python', { 'a.py': 'import x\nLR = 0.1  # rate\n' }, { 'a.py': 'import x\nLR = 0.2  # rate\n' }, 'LR 0.1 → 0.2'],
    ['by its value in YAML', { 'p.yaml': 'opt:\n  lr: 0.1\n' }, { 'p.yaml': 'opt:\n  lr: 0.3\n' }, 'lr 0.1 → 0.3'],
    ['by its value in C', { 'a.c': '#define CUTOFF 4\n' }, { 'a.c': '#define CUTOFF 16\n' }, 'CUTOFF 4 → 16'],
    ['by its value in JavaScript', { 'a.js': 'export const RATE = 1;\n' }, { 'a.js': 'export const RATE = 2;\n' }, 'RATE 1 → 2'],
    ['by its new line', { 'a.py': 'fit(x)\n' }, { 'a.py': 'fit(scale(x))\n' }, 'a.py: fit(scale(x))'],
    ['by how much of a file it touches', { 'a.py': 'a\nb\nc\n' }, { 'a.py': 'a\nx\ny\nz\nc\n' }, 'a.py +3 −1'],
    [
      'by its files',
      { 'a.py': 'a\n', 'lib/b.py': 'b\n', 'c.py': 'c\n' },
      { 'a.py': 'x\n', 'lib/b.py': 'y\nz\n', 'c.py': null, 'd.py': 'new\n' },
      'a.py +1 −1, lib/b.py +2 −1, delete c.py and 1 more',
    ],
    ['by a new file', { 'a.py': 'a\n' }, { 'd.py': 'new\n' }, 'add d.py'],
  ] satisfies [string, Record<string, string>, Record<string, string | null>, string][])('%s', (_name, before, after, title) => {
    expect(titleOf(before, after)).toBe(title);
  });

  it('one line of at most 100 characters, whatever the diff', () => {
    const path = fc.string({ minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), fc.string({ maxLength: 2000 }), (paths, diff) => {
        const title = titleByDiff(
          paths.map((each) => ({ path: each, kind: 'modified' })),
          diff,
        );
        expect(title).not.toBe('');
        expect(title.length).toBeLessThanOrEqual(100);
        expect(title).not.toContain('\n');
      }),
    );
  });

  it('so in the record of a run', async () => {
    const script = 'echo "$(( $(cat value.txt) - 1 ))" > value.txt\n';
    const project = makeProject(
      { agent: { use: 'command', with: { run: ['sh', 'agent.sh'] } }, budget: { experiments: 1 } },
      { 'agent.sh': script, 'value.txt': '5\n' },
    );
    const { experiments } = await run(project.dir);
    const [, experiment] = experiments;
    expect(experiment?.proposal).toMatchObject({ title: 'value.txt: 4', source: 'derived' });
  });
});
