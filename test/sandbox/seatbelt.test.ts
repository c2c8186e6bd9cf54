import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { seatbeltProfile } from '../../src/sandbox/seatbelt.ts';
import { makeProject, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';

const rights = { role: 'trial', isSealed: false, hasNetwork: false, readable: [], writable: [] } as const;

function sandboxed(dir: string) {
  return {
    worktree: { dir, cwd: dir, linked: [], showsHoldout: false },
    repository: { top: '/p', projectDir: '/p', commonDir: '/p/.git', stateDir: '/p/.autoresearch' },
    scratchDir: '/s',
    protections: [
      { access: 'read-only', path: 'eval' },
      { access: 'writable', path: 'eval/out' },
    ],
    agentProtections: [],
    hidden: ['/p/answers.csv'],
    isEvaluator: false,
    rows: { always: ['/p/.autoresearch/rows'], inAudits: ['/p/.autoresearch/holdout'] },
  } as const;
}

/** The last rule about a path decides, as sandbox-exec reads a profile. */
function decides(profile: string, what: string, path: string): string {
  const rules = profile.split('\n').filter((line) => line.includes(what) || line === '(allow default)');
  const holds = (line: string) =>
    line === '(allow default)' ||
    [...line.matchAll(/\(subpath "(.*?)"\)/g)].some(([, at = '']) => at === '/' || path === at || path.startsWith(`${at}/`));
  return /^\((\w+)/.exec(rules.findLast(holds) ?? '')?.[1] ?? '';
}

it.each([
  ['file-write*', '/p/train.py', 'deny'],
  ['file-write*', '/w/out.json', 'allow'],
  ['file-write*', '/w/eval/score.py', 'deny'],
  ['file-write*', '/w/eval/out/log', 'allow'],
  ['file-write*', '/w/.git', 'deny'],
  ['file-write*', '/private/tmp/x', 'allow'],
  ['file-write*', '/usr/local/bin/python3', 'deny'],
  ['file-read*', '/usr/lib/x', 'allow'],
  ['file-read*', '/p/.autoresearch/night/trial.log', 'deny'],
  ['file-read*', '/p/.autoresearch/rows/a.jsonl', 'allow'],
  ['file-read*', '/p/.autoresearch/holdout/a.jsonl', 'deny'],
  ['file-read*', '/p/answers.csv', 'deny'],
])('a trial: %s of %s is decided as %3$s', (what, path, answer) => {
  expect(decides(seatbeltProfile(sandboxed('/w'), rights), what, path)).toBe(answer);
});

it('opens the network only where the config does, and hides git from a sealed trial', () => {
  expect(seatbeltProfile(sandboxed('/w'), rights)).toContain('(deny network*)');
  expect(seatbeltProfile(sandboxed('/w'), { ...rights, hasNetwork: true })).not.toContain('network');
  expect(decides(seatbeltProfile(sandboxed('/w'), { ...rights, isSealed: true }), 'file-read*', '/p/.git/objects/ab')).toBe('deny');
});

it('names real paths too, and keeps a path from ending its text', () => {
  const dir = makeFolder();
  mkdirSync(join(dir, 'real'));
  symlinkSync('real', join(dir, 'link'));
  expect(seatbeltProfile(sandboxed(join(dir, 'link')), rights)).toContain(`(subpath "${join(dir, 'real')}")`);
  expect(seatbeltProfile(sandboxed('/w"(allow network*)'), rights)).toContain(String.raw`/w\"(allow network*)`);
});

it('trials run in it where it is there and bwrap is not; agents do not', async () => {
  const bin = makeFolder();
  // Stands for the program of macOS, which no test has run: it notes the profile, and runs what follows.
  writeFileSync(join(bin, 'sandbox-exec'), `#!/bin/sh\necho "$*" >> '${bin}/started'\nshift 2\nexec "$@"\n`);
  chmodSync(join(bin, 'sandbox-exec'), 0o755);
  for (const program of ['git', 'sh', 'bash', 'cat', 'true', 'python3', 'perl', 'ps']) {
    const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
    const file = found.find((path) => readable(path));
    if (file !== undefined) symlinkSync(file, join(bin, program));
  }
  vi.stubEnv('PATH', bin);
  const messages: string[] = [];
  const { dir } = makeProject({ agent: stepsAgent([set(0.5)]), budget: { experiments: 1 } });
  const { experiments } = await run(dir, { messages });
  vi.unstubAllEnvs();
  expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  expect(messages.join('\n')).toContain('sandbox-exec');
  const started = readFileSync(join(bin, 'started'), 'utf8');
  expect(started.match(/\(deny network\*\)/g)?.length).toBeGreaterThanOrEqual(2);
});

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
