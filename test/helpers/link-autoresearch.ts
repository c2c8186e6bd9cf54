import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Puts a package `autoresearch` into a folder's node_modules that is this checkout's source, so that nothing must be built or installed. */
export function linkAutoresearch(dir: string): void {
  const folder = join(dir, 'node_modules', 'autoresearch');
  const { version, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    exports: Record<string, string | { default: string }>;
  };
  const sources = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [[name, target.default.replace('dist/', '').replace('.js', '.ts')]],
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'autoresearch', version, type: 'module', exports: Object.fromEntries(sources) }),
  );
  symlinkSync(join(root, 'src'), join(folder, 'src'));
}
