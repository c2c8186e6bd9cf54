/**
 * Packs this checkout as it would be published, and installs the package with what the tests need of the registry
 * into .cache/examples. What is there already is used again.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, npmEnv, TOOLS } from './places.ts';

const root = join(import.meta.dirname, '..', '..');

/** Everything with a version, so that the cache says when it is no longer what is asked for. */
const NEEDED = {
  '@kubernetes/client-node': '^2.0.1',
  '@types/node': '^24.19.2',
  typescript: '^7.0.2',
  vitest: '^5.1.1',
  'yaml-language-server': '^1.25.0',
};

export default function setup(): void {
  mkdirSync(TOOLS, { recursive: true });
  // The link to the tools in a test's repository is a file to git, which the usual `node_modules/` does not name.
  writeFileSync(join(CACHE, 'ignore'), 'node_modules\n');
  const tarball = pack();
  writeFileSync(join(TOOLS, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: NEEDED }));
  // A tarball of the same name with other bytes must not be taken for the one that is installed.
  rmSync(join(TOOLS, 'node_modules', 'autoresearch'), { recursive: true, force: true });
  npm(TOOLS, ['install', '--loglevel=error', '--no-package-lock', '--prefer-offline']);
  npm(TOOLS, ['install', '--loglevel=error', '--no-package-lock', '--prefer-offline', '--no-save', tarball]);
}

/** Builds and packs a copy, so that the dist of the checkout stays as it is under other tests. */
function pack(): string {
  const stage = join(CACHE, 'stage');
  rmSync(stage, { recursive: true, force: true });
  for (const name of readdirSync(CACHE).filter((file) => file.endsWith('.tgz'))) rmSync(join(CACHE, name));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  for (const file of files.split('\0')) {
    const isNeeded = file !== '' && !/^(test|bench|examples)\//.test(file) && existsSync(join(root, file));
    if (isNeeded) cpSync(join(root, file), join(stage, file));
  }
  symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'));
  npm(stage, ['pack', '--loglevel=error', '--pack-destination', CACHE]);
  const name = readdirSync(CACHE).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack wrote no package');
  return join(CACHE, name);
}

function npm(cwd: string, args: readonly string[]): void {
  execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: npmEnv(), stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000 });
}
