import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Diagnostics } from '../../src/config/diagnostics.ts';
import { find, toPlain, type Located, type Position } from '../../src/config/located.ts';
import { parseSource } from '../../src/config/source.ts';
import { AutoresearchErrors, formatError } from '../../src/errors.ts';

function parse(text: string): Located {
  const root = parseSource('/p/c.yaml', text, new Diagnostics('/p'));
  if (root === null) throw new Error('syntax errors');
  return root;
}

function errorsOf(text: string): string[] {
  const diagnostics = new Diagnostics('/p');
  expect(parseSource('/p/c.yaml', text, diagnostics)).toBeNull();
  try {
    diagnostics.throwIfAny();
  } catch (error) {
    if (error instanceof AutoresearchErrors) return error.errors.map((one) => formatError(one).split('\n')[0] ?? '');
  }
  return [];
}

function restAt(text: string, position: Position | undefined): string {
  return position === undefined ? '' : (text.split('\n')[position.line - 1] ?? '').slice(position.column - 1);
}

function leavesOf(node: Located): Extract<Located, { type: 'leaf' }>[] {
  if (node.type === 'leaf') return [node];
  return (node.type === 'list' ? node.items : [...node.entries.values()]).flatMap(leavesOf);
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('values', () => {
  test('JSON and YAML give back what was written', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(toPlain(parse(JSON.stringify(value, null, '\t')))).toEqual(value);
        // A key `<<` merges in YAML, which is another meaning.
        fc.pre(!JSON.stringify(value).includes('<<'));
        expect(toPlain(parse(stringify(value)))).toEqual(value);
      }),
    );
  });

  test('every value and key knows where it stands', () => {
    fc.assert(
      fc.property(json, fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (const leaf of leavesOf(parse(text))) {
          expect(restAt(text, leaf.origin.value).startsWith(JSON.stringify(leaf.value))).toBe(true);
          const key = leaf.origin.path.at(-1);
          if (typeof key === 'string') expect(restAt(text, leaf.origin.key).startsWith(`${JSON.stringify(key)}:`)).toBe(true);
        }
      }),
    );
  });

  test('strings stay strings', () => {
    expect(toPlain(parse(`a: "1e10"\nb: '007'\nc: 8h\nd: no\ne: 2026-01-01\nf: !!binary aGk=`))).toEqual({
      a: '1e10',
      b: '007',
      c: '8h',
      d: 'no',
      e: '2026-01-01',
      f: 'aGk=',
    });
  });

  test('a byte order mark and Windows line ends move nothing', () => {
    const root = parse('\uFEFFa: 1\r\nb:\r\n  c: 2\r\n');
    expect(find(root, ['a'])?.origin).toMatchObject({ key: { line: 1, column: 1 }, value: { line: 1, column: 4 } });
    expect(find(root, ['b', 'c'])?.origin).toMatchObject({ key: { line: 3, column: 3 }, value: { line: 3, column: 6 } });
  });
});

describe('aliases and merge keys', () => {
  const text = [
    'base: &base',
    '  use: regex',
    '  with: { pattern: x }',
    'a: *base',
    'b:',
    '  with: { pattern: y }',
    '  <<: *base',
    'c: { <<: [{ use: json }, *base] }',
  ].join('\n');

  test('values come through, the nearest wins', () => {
    expect(toPlain(parse(text))).toMatchObject({
      a: { use: 'regex', with: { pattern: 'x' } },
      b: { use: 'regex', with: { pattern: 'y' } },
      c: { use: 'json', with: { pattern: 'x' } },
    });
  });

  test('what stands behind an alias points to where it is written', () => {
    const root = parse(text);
    expect(find(root, ['a'])?.origin.value).toEqual({ line: 4, column: 4 });
    expect(find(root, ['a', 'with', 'pattern'])?.origin).toMatchObject({ path: ['a', 'with', 'pattern'], key: { line: 3, column: 11 } });
    expect(find(root, ['b', 'use'])?.origin.value).toEqual({ line: 2, column: 8 });
    expect(find(root, ['b', 'with'])?.origin.key).toEqual({ line: 6, column: 3 });
  });

  test.each([
    ['a: *none', 'c.yaml:1:4 CONFIG_SYNTAX no anchor has the name of this alias: *none'],
    ['a: &a [1, *a]', 'c.yaml:1:11 CONFIG_SYNTAX an alias stands inside its own anchor'],
    ['a: &a { <<: *a }', 'c.yaml:1:13 CONFIG_SYNTAX an alias stands inside its own anchor'],
    ['a: { <<: 3 }', 'c.yaml:1:10 CONFIG_SYNTAX << merges a map or a list of maps'],
  ])('refuses %s', (bad, error) => {
    expect(errorsOf(bad)).toEqual([error]);
  });

  test('refuses aliases that multiply', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`),
    ].join('\n');
    expect(errorsOf(bomb)).toEqual([expect.stringContaining('aliases make this file too large')]);
  });
});

describe('syntax', () => {
  test.each([
    ['a: 1\nb: 2\na: 3', ['c.yaml:3:1 CONFIG_DUPLICATE_KEY "a" is written twice in the same map']],
    ['{"a": 1,\n "a": 2}', ['c.yaml:2:2 CONFIG_DUPLICATE_KEY "a" is written twice in the same map']],
    ['a:\n\tb: 1', ['c.yaml:2:1 CONFIG_SYNTAX a tab at the start of a line']],
    ['a: b: c', ['c.yaml:1:4 CONFIG_SYNTAX a second "key: value" on the same line']],
    ['a: { b: c d: [1] }', ['c.yaml:1:9 CONFIG_SYNTAX a comma or a bracket is missing before this']],
    ['a:\n  { b: c }\n  - { b: d }', ['c.yaml:3:1 CONFIG_SYNTAX this line does not fit to the one above it']],
    ['a: 1\n---\nb: 1', ['c.yaml:2:1 CONFIG_SYNTAX a second document starts here']],
    ['a: [1\nb: 2', ['c.yaml:2:1 CONFIG_SYNTAX a list before this is not closed']],
    ['a: { b: 1\n', ['c.yaml:2:1 CONFIG_SYNTAX a map before this is not closed']],
    ['a: "^x: \\S+"', ['c.yaml:1:9 CONFIG_SYNTAX \\S means nothing in double quotes']],
    ['a: @x', ['c.yaml:1:4 CONFIG_SYNTAX a text cannot start with reserved character @']],
    ['a: 1\nb\n', [expect.stringContaining('CONFIG_SYNTAX this is no "key: value"')]],
    ['? [a]\n: 1', ['c.yaml:1:3 CONFIG_SYNTAX a key must be a string']],
  ])('%j', (bad, errors) => {
    expect(errorsOf(bad)).toEqual(errors);
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '}', '&', '*', '<', '"', "'", '|', '#', '?', '\t', '!') }),
        (text) => {
          parseSource('/p/c.yaml', text, new Diagnostics('/p'));
        },
      ),
      { numRuns: 500 },
    );
  });
});
