/**
 * Compiles the package and its page into dist/, from nothing, so that a file that is gone from the sources is gone from the build.
 * `--if-needed`: only where a source is newer than the build, or there is none, such as after a clone.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage, isPageBuilt } from './build-page.ts';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/src/cli.js');

function isBuilt(): boolean {
  const built = statSync(cli, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'plugins', 'schemas'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)),
  );
  return [...sources, join(root, 'package.json'), join(root, 'tsconfig.build.json')].every((path) => statSync(path).mtimeMs <= built);
}

if (!process.argv.includes('--if-needed') || !isBuilt() || !isPageBuilt()) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  chmodSync(cli, 0o755);
  await buildPage();
}
