import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AutoresearchError, ERROR_CODES, formatError } from '../src/errors.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const headings = [...page.matchAll(/^### ([A-Z_]+)$/gm)].map((match) => match[1] ?? '');

test('every error code has a section in docs/errors.md, under the heading of its exit code', () => {
  const sections = page.split(/^## /m).slice(1);
  for (const [code, exit] of Object.entries(ERROR_CODES)) {
    const section = sections.find((text) => text.includes(`### ${code}\n`));
    expect(section?.split('\n', 1)[0], code).toContain(String(exit));
  }
});

test('every section says something', () => {
  const codes = page.split(/^### /m).slice(1);
  const empty = codes.filter((section) => section.split('\n').slice(1).join('').replace(/## .*/s, '').trim().length < 20);
  expect(codes.length).toBeGreaterThan(100);
  expect(empty.map((section) => section.split('\n', 1)[0])).toEqual([]);
});

test('every reason code in the source has a section, and no code has two', () => {
  const source = execFileSync(
    'git',
    [
      'grep',
      '-hoE',
      "(code: |ReasonError\\(|crash\\(|discard\\(experiment, |discard\\(proposed, )'[A-Z_]{4,}'",
      '--',
      'src/engine',
      'src/remote',
      'plugins/gates',
      'plugins/metrics',
      'plugins/objectives',
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const codes = new Set([...source.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1] ?? ''));
  const internal = new Set([
    'IN_SCOPE',
    'RATIONALE_GIVEN',
    'WITHIN_LIMITS',
    'UNKNOWN',
    'NO_TRAINER',
    'NO_OBJECTIVE',
    'NO_INCUMBENT',
    'NO_OBJECTION',
    'UNDECIDED',
    'TO_CONFIRM',
  ]);
  expect(codes.size).toBeGreaterThan(15);
  expect([...codes].filter((code) => !internal.has(code) && !headings.includes(code))).toEqual([]);
  expect(new Set(headings).size).toBe(headings.length);
});

test('an error prints place, code, frame and hint, and never a stack', () => {
  const error = new AutoresearchError('CONFIG_TYPE', 'gates: not a list', {
    at: { file: 'a.yaml', line: 3, column: 1 },
    frame: '> 3 | gates: x',
    hint: 'write a list',
  });
  expect(formatError(error)).toBe('a.yaml:3:1 CONFIG_TYPE gates: not a list\n> 3 | gates: x\n  write a list');
});
