import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A real repository in a temporary folder, with the person's own git at hand. */
export interface TestRepo {
  readonly dir: string;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  commit(message: string): string;
}

/** A folder that is removed after the test. */
export function makeFolder(name = 'autoresearch-test-'): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), name)));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

export function gitEnv(): Record<string, string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name, value]) => value !== undefined && !name.startsWith('GIT_')));
  const who = {
    GIT_AUTHOR_NAME: 'Person',
    GIT_AUTHOR_EMAIL: 'person@example.org',
    GIT_COMMITTER_NAME: 'Person',
    GIT_COMMITTER_EMAIL: 'person@example.org',
  };
  return { ...(env as Record<string, string>), ...who, GIT_OPTIONAL_LOCKS: '0' };
}

export function openTestRepo(dir: string): TestRepo {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: dir, env: gitEnv(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  return {
    dir,
    git,
    write,
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    commit(message) {
      git('add', '-A');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
  };
}

/** A repository with one commit that holds these files. */
export function makeRepo(files: Readonly<Record<string, string>>, dir = makeFolder()): TestRepo {
  mkdirSync(dir, { recursive: true });
  const repo = openTestRepo(dir);
  repo.git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  repo.commit('start');
  return repo;
}

/** What of a repository must not change: the checkout's every file, and git's own files but objects and our refs. */
export function snapshot(top: string, { running = false } = {}): Record<string, string> {
  const gitDir = join(top, '.git');
  const ours = running ? [...OUR_GIT_FILES, /^worktrees\//] : OUR_GIT_FILES;
  const inGit = hashTree(gitDir, (path) => ours.some((pattern) => pattern.test(path)));
  const inCheckout = hashTree(top, (path) => path === '.git' || /(^|\/)\.autoresearch$/.test(path));
  const { git } = openTestRepo(top);
  const exclude = readFileSync(join(gitDir, 'info', 'exclude'), 'utf8').replace(/^\.autoresearch\/\n/m, '');
  return {
    ...prefixed('git', inGit),
    ...prefixed('checkout', inCheckout),
    exclude,
    status: git('status', '--porcelain=v2', '--branch', '-z'),
    staged: git('ls-files', '--stage', '-v', '-z'),
    stash: git('stash', 'list'),
    refs: git('for-each-ref').replaceAll(/^.*\srefs\/(heads\/)?autoresearch\/.*\n/gm, ''),
  };
}

const OUR_GIT_FILES = [
  /^objects$/,
  /^refs\/autoresearch$/,
  /^refs\/heads\/autoresearch$/,
  /^logs\/refs\/heads\/autoresearch$/,
  /^info\/exclude$/,
];

function prefixed(prefix: string, entries: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...entries].map(([path, value]) => [`${prefix}/${path}`, value]));
}

/** Kind, mode and content of every file below a folder; folders that hold nothing are left out. */
export function hashTree(root: string, skip: (path: string) => boolean = () => false): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (folder: string) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (skip(path)) continue;
      const stat = lstatSync(join(root, path));
      if (stat.isDirectory()) walk(path);
      else if (stat.isSymbolicLink()) found.set(path, `link ${readlinkSync(join(root, path))}`);
      else if (stat.isFile())
        found.set(
          path,
          `${(stat.mode & 0o777).toString(8)} ${createHash('sha1')
            .update(readFileSync(join(root, path)))
            .digest('hex')}`,
        );
      else found.set(path, 'special');
    }
  };
  walk('');
  return found;
}
