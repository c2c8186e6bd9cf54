/** Rules for `trainer.evaluate` that a JSON Schema cannot express: which data is where. */
import { posix } from 'node:path';
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, textAt, type Located } from './located.ts';
import { formatPath, type Path } from './path.ts';

const EVALUATE = ['trainer', 'evaluate'];

/** Places of the config that each hold one path of `trainer.evaluate`. */
export function evaluatePaths(root: Located): Path[] {
  const lists = ['inputs', 'outputs', 'data'].flatMap((key) => itemsOf(root, [...EVALUATE, key]));
  return [...lists, ...holdoutKeys(root).map((key) => [...EVALUATE, 'holdout', key])];
}

/** The lists of paths that may not lie inside each other. */
export const EVALUATE_LISTS: readonly Path[] = ['inputs', 'outputs', 'data'].map((key) => [...EVALUATE, key]);

export function checkEvaluate(root: Located, diagnostics: Diagnostics): void {
  if (find(root, EVALUATE) === undefined) return;
  const add = (place: Path, message: string, hint: string): void =>
    diagnostics.add('CONFIG_INVALID', { origin: nearest(root, place).origin, target: 'value' }, `${formatPath(place)}: ${message}`, hint);
  if (itemsOf(root, ['workspace', 'holdout']).length > 0) {
    add(
      ['workspace', 'holdout'],
      "an audit would show this to the trainer's stage, which trainer.evaluate keeps from it",
      'Write trainer.evaluate.holdout: a map from paths of inputs and data to what an audit finds there.',
    );
  }
  const shown = [...itemsOf(root, [...EVALUATE, 'inputs']), ...itemsOf(root, [...EVALUATE, 'data'])].map((place) => pathAt(root, place));
  const listed = [['workspace', 'link'], ...EVALUATE_LISTS].flatMap((list) => itemsOf(root, list)).map((place) => pathAt(root, place));
  for (const key of holdoutKeys(root)) {
    const place = [...EVALUATE, 'holdout', key];
    const path = clean(key);
    if (!shown.some((other) => isWithin(other, path))) {
      add(
        place,
        `${key} is neither a path of inputs or data nor a folder around one`,
        'Name the path that an audit is to see differently.',
      );
    }
    const source = pathAt(root, place);
    const touching = listed.find((other) => isWithin(other, source) || isWithin(source, other));
    if (touching !== undefined && source !== '') {
      add(
        place,
        `${source} is seen outside audits too, as ${touching} is listed`,
        'Keep held-out data in a folder that nothing else names.',
      );
    }
  }
}

function itemsOf(root: Located, list: Path): Path[] {
  const found = find(root, list);
  return found?.type === 'list' ? [...found.items.keys()].map((index) => [...list, index]) : [];
}

function holdoutKeys(root: Located): string[] {
  const found = find(root, [...EVALUATE, 'holdout']);
  return found?.type === 'map' ? [...found.entries.keys()] : [];
}

function pathAt(root: Located, place: Path): string {
  return clean(textAt(root, place) ?? '');
}

function clean(path: string): string {
  return path === '' ? '' : posix.normalize(path).replace(/\/$/, '');
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
