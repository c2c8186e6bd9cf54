import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node } from 'yaml';
import type { Language } from './forms.ts';
import { mask } from './mask.ts';
import { NOTATION } from './notation.ts';
import { BLOCK, DOUBLE, SINGLE, SLASHES, syntaxOf } from './rules.ts';
import { lineOf, type Names, type Site } from './site.ts';

/** YAML: the value at a dotted name such as `optimizer.lr` or `layers.0.size`. */
export const YAML: Language = { name: 'YAML', extensions: ['.yaml', '.yml'], notation: NOTATION, open: (text) => namesOf(text, text) };

const WITH_COMMENTS = syntaxOf(SLASHES, BLOCK, DOUBLE, SINGLE);

/** JSON, also with comments: YAML reads it and knows where each value stands. */
export const JSON_FILES: Language = {
  name: 'JSON',
  extensions: ['.json', '.jsonc', '.json5'],
  syntax: WITH_COMMENTS,
  notation: NOTATION,
  open: (text) => namesOf(text, mask(text, WITH_COMMENTS, false)),
};

function namesOf(text: string, readable: string): Names {
  const documents = documentsOf(readable);
  return {
    find: (name) => documents.flatMap((contents) => [...nodesAt(contents, name)]).map((node) => siteOf(text, node)),
    list: () => [...new Set(documents.flatMap((contents) => [...namesIn(contents, '')]))],
  };
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
