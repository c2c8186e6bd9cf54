import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import config from '../vitest.config.ts';
import { makeFolder } from './helpers/repo.ts';
import { OTHER_SUITES } from './suites.ts';

const root = join(import.meta.dirname, '..');

test('each project of the test runner but core is named at the end of npm test', () => {
  const projects = (config.test?.projects ?? []).flatMap((project) =>
    project instanceof Object && 'test' in project ? [project.test] : [],
  );
  const names = projects.flatMap((project) => (typeof project?.name === 'string' ? [project.name] : []));
  expect(names.filter((name) => name !== 'core').sort()).toEqual(Object.keys(OTHER_SUITES).sort());
});

/** Runs .ci/run with programs of its own instead of npm, a file of shell lines for each. */
function runCi(npm: string) {
  const dir = makeFolder();
  cpSync(join(root, '.ci'), join(dir, '.ci'), { recursive: true });
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const programs = { npm: `echo "$*" >> ${join(dir, 'calls')}\n${npm}`, bwrap: '', python3: '', 'apt-get': '', sudo: '', runuser: '' };
  for (const [name, lines] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  const { status, stdout } = spawnSync('bash', ['.ci/run'], { cwd: dir, env, encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1), calls: readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n') };
}

const summary = (text: string) => String.raw`printf '\033[2m      Tests \033[22m ${text} (9)\n'`;

test('CI runs npm test, the other suites, lint, types, the package checks and the main job, and adds up the tests', () => {
  const { status, lastLine, calls } = runCi(`case "$*" in test) ${summary('12 passed')};; *rest) ${summary('30 passed')};; esac`);
  expect(calls).toEqual(['ci', 'test', 'run test:rest', 'run lint', 'run types', 'run check:package', 'start']);
  expect([status, lastLine]).toEqual([0, '42 passed, 0 failed']);
});

test('CI counts failed tests of all legs, failed steps, and a leg that fails before its first test', () => {
  const bad = summary(String.raw`\033[31m2 failed\033[39m | 10 passed | 1 skipped`);
  const { status, lastLine } = runCi(`case "$*" in test) ${bad}; exit 1;; *rest) exit 1;; *types) exit 1;; esac`);
  expect([status, lastLine]).toEqual([1, '10 passed, 4 failed']);
});
