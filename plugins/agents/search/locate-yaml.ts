import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node } from 'yaml';
import { mask } from './mask.ts';
import { lineOf, type Locator, type Site } from './site.ts';

/** YAML: the value at a dotted name such as `optimizer.lr` or `layers.0.size`. */
export function locateYaml(text: string): Locator {
  const documents = documentsOf(text);
  return (name) => documents.flatMap((contents) => [...nodesAt(contents, name)]).map((node) => siteOf(text, node));
}

/** JSON, also with comments: YAML reads it and knows where each value stands. */
export function locateJson(text: string): Locator {
  return locateYaml(mask(text, 'js', false));
}

/** The dotted names in a YAML or JSON text that end with a name, for a hint. */
export function similarYaml(text: string, name: string): readonly string[] {
  return documentsOf(text)
    .flatMap((contents) => [...namesIn(contents, '')])
    .filter((path) => path.endsWith(`.${name}`));
}

function documentsOf(text: string): readonly unknown[] {
  return [parseAllDocuments(text, { uniqueKeys: false })].flat().map(({ contents }) => contents);
}

function* nodesAt(node: unknown, name: string): Generator<Node> {
  for (const [key, value] of entriesOf(node)) {
    if (key === name) yield value;
    else if (name.startsWith(`${key}.`)) yield* nodesAt(value, name.slice(key.length + 1));
  }
}

function* namesIn(node: unknown, prefix: string): Generator<string> {
  for (const [key, value] of entriesOf(node)) {
    yield prefix + key;
    yield* namesIn(value, `${prefix}${key}.`);
  }
}

function entriesOf(node: unknown): [string, Node][] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => (isScalar(key) && isNode(value) ? [[String(key.value), value] as [string, Node]] : []));
  }
  if (isSeq(node)) return node.items.flatMap((value, index) => (isNode(value) ? [[String(index), value] as [string, Node]] : []));
  return [];
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function siteOf(text: string, node: Node): Site {
  const [start, end] = node.range ?? [0, 0];
  const written = text.slice(start, end);
  const isPlain = isScalar(node) && node.tag === undefined && !/[\n\\]/.test(written);
  const value = isPlain ? node.value : null;
  const isLiteral = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { line: lineOf(text, start), start, end, text: written.trim(), value: isLiteral ? value : null };
}
