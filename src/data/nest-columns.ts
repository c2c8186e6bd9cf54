import type { BadLine, Row, Rows } from './rows.ts';

/**
 * In CSV, a column `labels.total` is the value `total` of `labels`, where the schema knows `labels` and no name with that
 * point in it.
 */
export function nestColumns(file: Rows, properties: ReadonlySet<string>): Rows {
  const { rows, bad, header } = file;
  if (header === null) return file;
  const nested = new Map(header.flatMap((name) => (isNested(name, properties) ? [[name, name.split('.')] as const] : [])));
  if (nested.size === 0) return file;
  const clashes = header.filter((name) => header.some((other) => other !== name && nested.has(other) && other.startsWith(`${name}.`)));
  return {
    header,
    bad: [...bad, ...clashes.map(clashOf)],
    rows: clashes.length > 0 ? [] : rows.map(({ line, value }) => ({ line, value: nest(value, nested) })),
  };
}

function isNested(name: string, properties: ReadonlySet<string>): boolean {
  const [first = '', ...rest] = name.split('.');
  return rest.length > 0 && !properties.has(name) && properties.has(first) && rest.every((step) => step !== '');
}

function clashOf(name: string): BadLine {
  const message = `the header has a column ${JSON.stringify(name)} and columns ${JSON.stringify(`${name}.…`)}`;
  return { line: 1, message, hint: 'A value is either one cell or the values of its parts.' };
}

type Tree = Map<string, unknown>;

function nest(value: Row['value'], nested: ReadonlyMap<string, readonly string[]>): Row['value'] {
  const tree: Tree = new Map();
  for (const [name, cell] of Object.entries(value)) {
    const steps = [...(nested.get(name) ?? [name])];
    const last = steps.pop() ?? name;
    let at = tree;
    for (const step of steps) {
      const inner = at.get(step);
      const next: Tree = inner instanceof Map ? inner : new Map();
      at.set(step, next);
      at = next;
    }
    at.set(last, cell);
  }
  return toObject(tree);
}

function toObject(tree: Tree): Record<string, unknown> {
  return Object.fromEntries([...tree].map(([name, value]) => [name, value instanceof Map ? toObject(value as Tree) : value]));
}
