import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plugin.ts';
import { makeContext, makeExperiment, makeRunView, testPlugin } from '../../../src/testing.ts';
import scope from './index.ts';

testPlugin(scope, { options: { valid: [{}], invalid: [{ allow: ['x'] }] } });

const EDIT = ['train.py', 'src/**', '日本/*.py', 'with space.py'];
const PROTECT = ['src/eval/**', '**/secret.py'];

function screen(changes: readonly Change[]) {
  const gate = scope.create({}, makeContext({ scope: { edit: EDIT, protect: PROTECT } }));
  return gate.screen?.(makeExperiment({ state: 'committed', changes }), makeRunView());
}

describe('the gate scope', () => {
  it.each(['train.py', 'src/a.py', 'src/deep/er/b.py', 'src/.hidden', '日本/x.py', 'with space.py'])('lets %s be edited', (path) => {
    for (const kind of ['modified', 'added', 'deleted'] as const) expect(screen([{ path, kind }])).toMatchObject({ outcome: 'pass' });
  });

  it.each([
    'prepare.py',
    'train.pyc',
    'Train.py',
    'sub/train.py',
    'srcs/a.py',
    '日本/deep/x.py',
    '../train.py',
    '../src/a.py',
    'src/eval/metric.py',
    'src/deep/secret.py',
    'src/.gitattributes',
    'src/.gitignore',
    'src/.gitmodules',
    '.gitignore',
    'src/x/.git',
  ])('does not let %s be edited, and names it', (path) => {
    expect(
      screen([
        { path: 'train.py', kind: 'modified' },
        { path, kind: 'modified' },
      ]),
    ).toMatchObject({ outcome: 'fail', code: 'OUT_OF_SCOPE', reason: expect.stringContaining(path) });
  });

  it.each(['symlink', 'repository', 'mode', 'type'] as const)('does not let a file in scope become another kind of thing (%s)', (kind) => {
    expect(screen([{ path: 'train.py', kind }])).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('train.py') });
  });

  it.each([
    'CLAUDE.md',
    'src/deep/AGENTS.md',
    'GEMINI.md',
    '.mcp.json',
    'opencode.json',
    '.cursorrules',
    'src/agents.md',
    '.claude/settings.json',
    '.codex/config.toml',
    'src/.gemini/settings.json',
    '.opencode/agent/x.md',
    '.cursor/rules/a.mdc',
    '.pi/x',
    '.github/copilot-instructions.md',
  ])('does not let %s be edited by a glob alone, since it configures agents', (path) => {
    const of = (edit: readonly string[]) =>
      scope
        .create({}, makeContext({ scope: { edit, protect: [] } }))
        .screen?.(makeExperiment({ state: 'committed', changes: [{ path, kind: 'modified' }] }), makeRunView());
    expect(of(['**'])).toMatchObject({ outcome: 'fail', reason: `${path} configures agents` });
    expect(of(['**', path])).toMatchObject({ outcome: 'pass' });
  });

  it('counts those it does not name', () => {
    const changes = Array.from({ length: 5 }, (_, index): Change => ({ path: `evil${index}.py`, kind: 'added' }));
    expect(screen(changes)?.valueOf()).toMatchObject({
      reason: expect.stringMatching(/evil0.*evil1.*evil2.* and 2 more$/),
      evidence: { paths: changes.map(({ path }) => path) },
    });
  });
});
