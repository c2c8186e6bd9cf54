import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './project.ts';

/**
 * Writes a .gitignore, or adds the folders of tools that are missing in one, so that `git add -A` commits no environment. Returns
 * the added lines.
 */
export function writeIgnoreFile(project: Project, outputs: readonly string[]): string[] {
  const file = join(project.dir, '.gitignore');
  const isThere = existsSync(file);
  const python = project.files.some((path) => path.endsWith('.py')) ? ['__pycache__/'] : [];
  const tools = [
    ['package.json', 'node_modules/'],
    ['Cargo.toml', 'target/'],
  ].flatMap(([file = '', folder = '']) => (project.files.includes(file) ? [folder] : []));
  const usual = isThere ? [] : ['.autoresearch/', ...python, ...tools];
  const lines = [...usual, ...project.unignored.map((name) => `${name}/`), ...outputs.map((path) => `/${path}`)];
  const text = isThere ? readFileSync(file, 'utf8') : '';
  const known = new Set(text.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, '')));
  const added = [...new Set(lines)].filter((line) => !known.has(line.replace(/^\/|\/$/g, '')));
  if (added.length === 0) return [];
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  writeFileSync(file, `${text}${gap}${added.join('\n')}\n`);
  return added;
}
