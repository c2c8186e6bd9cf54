import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import type { Located, Origin, Position, Source } from './located.ts';
import type { Path } from './path.ts';
import { syntaxWords } from './syntax-messages.ts';

const MAX_NODES = 50_000;

/** What is wrong with the text itself, and where. */
class SourceProblem extends Error {
  readonly position: Position | undefined;
  constructor(message: string, position: Position | undefined) {
    super(message);
    this.position = position;
  }
}

/**
 * Parses YAML or JSON into values that know their lines and columns, through aliases and merge keys.
 * Answers null, with the problems added to `diagnostics`, when the text has errors.
 */
export function parseSource(file: string, text: string, diagnostics: Diagnostics): Located | null {
  const source: Source = { file, name: file, text: text.replace(/^\uFEFF/, '') };
  const lineCounter = new LineCounter();
  const document = parseDocument(source.text, {
    lineCounter,
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  if (document.errors.length > 0) {
    for (const error of worthShowing(document.errors)) reportSyntax(error, source, lineCounter, diagnostics);
    return null;
  }
  try {
    return new Walker(document, source, lineCounter).read(document.contents, { source, path: [], value: { line: 1, column: 1 } });
  } catch (error) {
    if (!(error instanceof SourceProblem)) throw error;
    diagnostics.add('CONFIG_SYNTAX', { origin: originAt(source, error.position), target: 'value' }, error.message);
    return null;
  }
}

// After the first syntax error the parser guesses; duplicate keys are errors of their own.
function worthShowing(errors: readonly YAMLError[]): YAMLError[] {
  const duplicates = errors.filter((error) => error.code === 'DUPLICATE_KEY');
  const first = errors.find((error) => error.code !== 'DUPLICATE_KEY');
  return first === undefined ? duplicates : [first, ...duplicates];
}

function reportSyntax(error: YAMLError, source: Source, lines: LineCounter, diagnostics: Diagnostics): void {
  const spot = { origin: originAt(source, positionOf(lines, error.pos[0])), target: 'value' as const };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^(["']?)(.*?)\1\s*:/.exec(source.text.slice(error.pos[0]))?.[2] ?? 'key';
    diagnostics.add('CONFIG_DUPLICATE_KEY', spot, `"${key}" is written twice in the same map`, 'Keep one of them.');
    return;
  }
  const { message, hint } = syntaxWords(error.message);
  diagnostics.add('CONFIG_SYNTAX', spot, message, hint);
}

function originAt(source: Source, position: Position | undefined): Origin {
  return position === undefined ? { source, path: [] } : { source, path: [], value: position };
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Walks one document. `doc.getIn` finds nothing at aliases, merge keys and numeric keys. */
class Walker {
  readonly #document: Document.Parsed | Document;
  readonly #source: Source;
  readonly #lines: LineCounter;
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(document: Document, source: Source, lines: LineCounter) {
    this.#document = document;
    this.#source = source;
    this.#lines = lines;
  }

  read(node: Node | null, origin: Origin): Located {
    if (++this.#nodes > MAX_NODES) throw new SourceProblem('aliases make this file too large', origin.value);
    if (isAlias(node)) return this.#inside(this.#target(node, origin), (target) => this.read(target, origin), origin);
    if (isMap(node)) return { type: 'map', entries: this.#entries(node, origin.path), origin };
    if (isSeq(node)) return { type: 'list', items: node.items.map((item, index) => this.#child(item, [...origin.path, index])), origin };
    const value = isScalar(node) ? node.value : null;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { type: 'leaf', value: known ? value : null, origin };
  }

  #child(node: unknown, path: Path, key?: Position): Located {
    const value = asNode(node);
    const position = value?.range ? positionOf(this.#lines, value.range[0]) : key;
    return this.read(value, { source: this.#source, path, ...(key && { key }), ...(position && { value: position }) });
  }

  #entries(map: YAMLMap, path: Path): Map<string, Located> {
    const entries = new Map<string, Located>();
    const merged = new Map<string, Located>();
    for (const pair of map.items) {
      const key = asNode(pair.key);
      const name = isScalar(key) ? String(key.value) : '';
      if (name === '<<') this.#merge(pair, path, merged);
      else entries.set(name, this.#child(pair.value, [...path, name], key?.range ? positionOf(this.#lines, key.range[0]) : undefined));
    }
    // A map's own keys win over merged ones, wherever the merge key is.
    for (const [name, value] of merged) if (!entries.has(name)) entries.set(name, value);
    return entries;
  }

  #merge(pair: Pair, path: Path, into: Map<string, Located>): void {
    const value = asNode(pair.value);
    const position = value?.range ? positionOf(this.#lines, value.range[0]) : undefined;
    const origin: Origin = { ...originAt(this.#source, position), path };
    for (const item of isSeq(value) ? value.items : [value]) {
      const node = asNode(item);
      const map = isAlias(node) ? this.#target(node, origin) : node;
      if (!isMap(map)) throw new SourceProblem('<< merges a map or a list of maps', position);
      const entries = this.#inside(map, () => this.#entries(map, path), origin);
      for (const [name, entry] of entries) if (!into.has(name)) into.set(name, entry);
    }
  }

  #target(alias: Node, origin: Origin): Node {
    const target = isAlias(alias) ? alias.resolve(this.#document) : alias;
    if (target === undefined) throw new SourceProblem(`no anchor has the name of this alias: ${String(alias)}`, origin.value);
    return target;
  }

  #inside<N extends Node, R>(node: N, read: (node: N) => R, origin: Origin): R {
    if (this.#open.has(node)) throw new SourceProblem('an alias stands inside its own anchor', origin.value);
    this.#open.add(node);
    const result = read(node);
    this.#open.delete(node);
    return result;
  }
}

function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : null;
}
