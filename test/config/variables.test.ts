import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../src/config/diagnostics.ts';
import { toPlain } from '../../src/config/located.ts';
import { parseSource } from '../../src/config/source.ts';
import { fillVariables, type Environment } from '../../src/config/variables.ts';
import { formatError, AutoresearchErrors } from '../../src/errors.ts';

function fill(text: string, env: Environment = {}, file = '/p/c.yaml'): { value: unknown; problems: string[] } {
  const diagnostics = new Diagnostics('/p');
  const root = parseSource(file, text, diagnostics);
  if (root === null) throw new Error('bad test');
  const value = toPlain(fillVariables(root, env, diagnostics));
  try {
    diagnostics.throwIfAny();
  } catch (error) {
    if (!(error instanceof AutoresearchErrors)) throw error;
    return { value, problems: error.errors.map((one) => formatError(one)) };
  }
  return { value, problems: [] };
}

describe('variables in a config', () => {
  const env = { DIR: '/data', N: '20', ON: 'true', EMPTY: '', V: '1.10', URL: 'http://h:80/x' };
  test.each([
    ['a: ${DIR}/train.csv', { a: '/data/train.csv' }],
    ['a: ${NONE:-data}/${N}', { a: 'data/20' }],
    ['a: ${N}', { a: 20 }],
    ['a: "${N}"', { a: '20' }],
    ["a: '${V}'", { a: '1.10' }],
    ['a: ${ON}', { a: true }],
    ['a: ${NONE:-8h}', { a: '8h' }],
    ['a: ${NONE:-}', { a: '' }],
    ['a: ${EMPTY:-x}', { a: 'x' }],
    ['a: ${URL}', { a: 'http://h:80/x' }],
    ['a: $${N} and ${N}', { a: '${N} and 20' }],
    ['a: cost ${} $N ${a.b} ${{ x }}', { a: 'cost ${} $N ${a.b} ${{ x }}' }],
    ['a: [sh, -c, "echo ${X:-1} ${Y}"]', { a: ['sh', '-c', 'echo ${X:-1} ${Y}'] }],
    ['a: [node, -e, "`${1}${DIR}`", "${DIR}"]', { a: ['node', '-e', '`${1}${DIR}`', '/data'] }],
    ['a: { b: [{ c: "${DIR}" }] }', { a: { b: [{ c: '/data' }] } }],
  ])('%s', (text, expected) => {
    expect(fill(text, env)).toEqual({ value: expected, problems: [] });
  });

  test('in JSON, where every text has quotes, a value of one variable is read like any other', () => {
    expect(fill('{"a": "${N}", "b": "n ${N}"}', env, '/p/c.json')).toEqual({ value: { a: 20, b: 'n 20' }, problems: [] });
  });

  test('one that is not set is an error at its place, with the ways out', () => {
    const { problems } = fill('x: 1\na:\n  - b: in/${NONE}\n', env);
    expect(problems).toEqual([
      expect.stringMatching(
        /^c\.yaml:3:8 CONFIG_VARIABLE a\[0\]\.b: the environment variable NONE is not set\n.*\n>? ?.*\$\{NONE:-default\}/s,
      ),
    ]);
  });

  test.each(['OPENAI_API_KEY', 'GITHUB_TOKEN', 'DB_PASSWORD'])('%s is refused, set or not, and its value never shown', (name) => {
    const { problems, value } = fill(`a: "\${${name}:-x}"`, { [name]: 'hunter2hunter2' });
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^c\\.yaml:1:4 CONFIG_SECRET a: \\$\\{${name}\\} would put a key.*workspace\\.env: \\[${name}\\]`, 's'),
      ),
    ]);
    expect(JSON.stringify([problems, value])).not.toContain('hunter2');
  });

  test('text without variables comes back as it was', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('${'));
    fc.assert(
      fc.property(plain, (text) => {
        expect(fill(JSON.stringify({ a: text }), {}, '/p/c.json').value).toEqual({ a: text });
      }),
    );
  });
});
