/** Installs what builds the site; what is there already is used again. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const site = join(import.meta.dirname, '../../site');

export default function setup(): void {
  const read = (name: string) => (existsSync(join(site, name)) ? readFileSync(join(site, name), 'utf8') : '');
  const wanted = (JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> }).packages[
    'node_modules/vitepress'
  ];
  const there = read('node_modules/vitepress/package.json');
  if (there !== '' && (JSON.parse(there) as { version: string }).version === wanted?.version) return;
  execFileSync('npm', ['ci', '--loglevel=error', '--ignore-scripts'], { cwd: site, stdio: 'inherit' });
}
