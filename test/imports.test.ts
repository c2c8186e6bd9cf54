/** How the files of src/ may import each other. Types count too, because a reader has to follow them as well. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `src/${path}`);
// A formatter holds the form of the imports. What is loaded only when it is called is not counted.
const FROM = /^(?:import|export)\b[^;'"]*?\bfrom '(\.[^']+)';|^import '(\.[^']+)';/gm;
const imports = new Map(
  files.map((file) => {
    const targets = [...readFileSync(join(root, file), 'utf8').matchAll(FROM)].map(([, one, bare]) =>
      join(dirname(file), one ?? bare ?? ''),
    );
    return [file, targets.map((target) => relative('', target)).filter((target) => target.startsWith('src/') && target.endsWith('.ts'))];
  }),
);

/** A way of imports that ends where it began; null if there is none. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): string[] | null => {
    const at = way.indexOf(file);
    if (at >= 0) return [...way.slice(at), file];
    if (done.has(file)) return null;
    for (const target of graph.get(file) ?? []) {
      const found = follow(target, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const found = follow(file, []);
    if (found) return found;
  }
  return null;
}

it('no file imports itself by way of others', () => {
  expect(findCircle(imports)?.join(' → ') ?? 'none').toBe('none');
});

it('finds a circle where there is one', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['d']],
    ['d', ['b']],
  ]);
  expect(findCircle(graph)).toEqual(['b', 'c', 'd', 'b']);
});

it('every import leads to a file, so that none is missed', () => {
  const known = new Set(files);
  expect([...imports.values()].flat().filter((target) => !known.has(target))).toEqual([]);
  expect([...imports.values()].flat().length).toBeGreaterThan(1000);
});

it.each([
  ['of the layers', ['contract', 'model', 'ledger', 'engine', 'analysis', 'commands']],
  ['into pure statistics', ['stats', 'engine']],
  ['of what starts processes and git', ['process', 'git', 'engine']],
])('arrows %s point down only', (_, layers) => {
  const layerOf = (file: string) => layers.indexOf(file.split('/')[1] ?? '');
  const up = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => layerOf(file) >= 0 && layerOf(target) > layerOf(file)).map((target) => `${file} → ${target}`),
  );
  expect(up).toEqual([]);
});
