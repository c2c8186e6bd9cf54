import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConstant, listConstants, setConstant } from '../../src/literals/constants.ts';
import { LANGUAGES, languageOf } from '../../src/literals/languages.ts';
import { asSwitch } from '../../src/literals/write.ts';
import { DIALECTS, type Dialect } from './dialects.ts';

const NAMES = ['lr', 'LEARNING_RATE', 'n2'];

interface Case {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly literal: string;
  readonly start: number;
}

/** A file with one form, a literal in it, and decoys around. */
const caseOf = (dialect: Dialect, literals: readonly string[]) =>
  fc
    .record({
      form: fc.constantFrom(...dialect.forms),
      literal: fc.constantFrom(...literals),
      word: fc.constantFrom(...NAMES),
      before: fc.subarray([...dialect.decoys]),
      after: fc.subarray([...dialect.decoys]),
      crlf: fc.boolean(),
    })
    .map(({ form, literal, word, before, after, crlf }): Case => {
      const name = form.includes('add_argument') ? `--${word}` : word;
      const isQuoted = /["']VALUE["']/.test(form);
      const shown = isQuoted ? literal.replace(/^["']|["']$/g, '') : literal;
      const lines = [...before, form.replace('VALUE', '\u0000'), ...after].join('\n').replaceAll('NAME', name).replaceAll('VALUE', '1');
      const text = (crlf ? lines.replaceAll('\n', '\r\n') : lines) + '\n';
      const asked = form.includes('cfg.NAME') ? `cfg.${name}` : form.includes('cfg%NAME') ? `cfg%${name}` : name;
      return { file: dialect.file, text: text.replace('\u0000', shown), name: asked, literal: shown, start: text.indexOf('\u0000') };
    });

function read({ file, name }: Case, text: string) {
  const found = findConstant(file, text, name);
  if ('problem' in found) throw new Error(`${found.problem} in:\n${text}`);
  return found;
}

function holds(dialect: Dialect, literals: readonly string[], values: fc.Arbitrary<string | number | boolean>) {
  fc.assert(
    fc.property(caseOf(dialect, literals), values, (one, value) => {
      const found = read(one, one.text);
      const inner = found.text === one.literal.replace(/^(["'`])(.*)\1$/, '$2') ? one.start + one.literal.indexOf(found.text) : one.start;
      expect([found.start, found.text]).toEqual([inner, one.text.slice(inner, inner + found.text.length)]);
      expect(listConstants(one.file, one.text).some(({ name, start }) => name === one.name && start === found.start)).toBe(true);

      const changed = setConstant(one.file, one.text, one.name, value);
      const again = read(one, changed);
      expect(typeof value === 'boolean' ? asSwitch(again.value) : again.value).toBe(value);
      expect(again.start).toBe(found.start);
      expect(changed.slice(0, found.start)).toBe(one.text.slice(0, found.start));
      expect(changed.slice(again.end)).toBe(one.text.slice(found.end));
      // Back to the first value, whatever its spelling.
      expect(read(one, setConstant(one.file, changed, one.name, found.value)).value).toBe(found.value);
    }),
    { numRuns: 150 },
  );
}

const significant = (digits: number) => (value: number) => Number(value.toPrecision(digits));

describe.each(DIALECTS.map((dialect) => [dialect.file, dialect] as const))('%s', (_, dialect) => {
  it('changes whole numbers', () => holds(dialect, dialect.ints, fc.integer({ min: 0, max: 1_000_000 })));
  it('changes fractions, also to whole ones', () => {
    const value = fc.oneof(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 5000 })).map(significant(4));
    holds(dialect, dialect.floats, value);
  });
  it('changes switches', () => holds(dialect, dialect.bools, fc.boolean()));
  it('changes words', () => holds(dialect, dialect.strings, fc.constantFrom('sgd', 'lion', 'x_1')));
  it('takes nothing for the name where it only stands in comments, strings and comparisons', () => {
    for (const decoy of dialect.decoys) {
      expect([decoy, findConstant(dialect.file, `${decoy.replaceAll('NAME', 'lr')}\n`, 'lr')]).toEqual([
        decoy,
        { problem: expect.any(String) },
      ]);
    }
  });
});

it('has a row of tests for every language', () => {
  const tested = new Set(DIALECTS.map(({ file }) => languageOf(file, '')?.name));
  expect(LANGUAGES.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

it('lists a file of many names in little time', () => {
  const words = Array.from({ length: 4000 }, (_, index) => `    'word_${index}',`).join('\n');
  const text = `WORDS = (\n${words}\n)\nLR = 0.1\n`;
  expect(listConstants('words.py', text).map(({ name }) => name)).toEqual(['LR']);
}, 5000);

it.each([
  ['makefile.py', 'Python'],
  ['Makefile', 'Makefile'],
  ['makefile.am', 'Makefile'],
  ['CMakeLists.txt', 'CMake'],
  ['Dockerfile.gpu', 'Dockerfile'],
  ['.env.local', '.env'],
  ['params.txt', 'INI and plain `KEY value`'],
  ['PARAMS', 'INI and plain `KEY value`'],
  ['a.unknown', undefined],
])('%s is %s', (file, name) => {
  expect(languageOf(file, '')?.name).toBe(name);
});

it.each([
  ['#!/usr/bin/env python3\n', 'Python'],
  ['#!/bin/sh -e\n', 'shell'],
  ['#!/usr/bin/env -S node\n', 'JavaScript and TypeScript'],
  ['#!/usr/bin/perl\n', undefined],
])('a file without extension that begins with %j is %s', (text, name) => {
  expect(languageOf('bin/tool', text)?.name).toBe(name);
});
