/** Files of the project that a script loads by name: the first step from what measures to what is measured. */
import { posix } from 'node:path';
import type { Project } from './project.ts';

const TESTS = /(^|\/)(tests?|spec|__tests__|fixtures)\/|[._-](test|spec)\.|(^|\/)test_/;

export function isTest(path: string): boolean {
  return TESTS.test(path);
}

export function localImports(project: Project, file: string): string[] {
  const folder = posix.dirname(file);
  const found = [...namesIn(project.read(file))].flatMap((name) => candidatesFor(name, folder));
  return [...new Set(found)].filter((path) => path !== file && project.files.includes(path) && !isTest(path));
}

function* namesIn(text: string): Generator<string> {
  const patterns = [
    /^\s*(?:from|import)\s+([.\w]+)/gm,
    /(?:from|import|require\(|import\()\s*["'](\.[^"']+)["']/g,
    /^\s*#include\s+"([^"]+)"/gm,
    /^\s*(?:pub\s+)?mod\s+(\w+);/gm,
    /^\s*(?:source|\.)\s+(\S+)/gm,
  ];
  for (const pattern of patterns) for (const match of text.matchAll(pattern)) if (match[1]) yield match[1];
}

function candidatesFor(name: string, folder: string): string[] {
  if (/^\.{1,2}\//.test(name)) {
    const path = posix.join(folder, name);
    return [
      path,
      ...['.js', '.mjs', '.cjs', '.ts', '.mts', '/index.js', '/index.ts'].map((ending) => path + ending),
      path.replace(/\.js$/, '.ts'),
    ];
  }
  const module = name.replace(/^\.+/, '').replaceAll('.', '/');
  const plain = posix.join(folder, name);
  return [
    ...[`${module}.py`, `${module}/__init__.py`].flatMap((path) => [posix.join(folder, path), path, `src/${path}`]),
    plain,
    plain.replace(/\.h(pp)?$/, '.c'),
    plain.replace(/\.h(pp)?$/, '.cpp'),
    posix.join(folder, `${name}.rs`),
  ];
}
