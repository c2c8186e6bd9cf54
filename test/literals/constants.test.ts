import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFinder } from '../../src/literals/find.ts';
import { JAVASCRIPT } from '../../src/literals/javascript.ts';
import { PYTHON as PY } from '../../src/literals/python.ts';
import { TOML as TM } from '../../src/literals/toml.ts';
import { mask as maskWith } from '../../src/literals/mask.ts';
import { setConstant as rewrite } from '../../src/literals/constants.ts';

const PYTHON = `"""LR = 9"""
# LR = 8
import os
LR = 0.6  # learning rate, LR = 7
BATCH: int = 524_288
EPS = 1e-8; DECAY = .01
NAME = 'adam'
USE = True
PEAK = 2**19
for LR2 in range(3):
    if BATCH == 3: pass
    STEP = 1
    STEP = 2
config = dict(width=64, **{"depth": 12})
def build(heads: int = 4):
    text = f"heads={heads}"
`;
const SCRIPT = `// LR = 9
const text = \`LR = 8 \${1 + "}"}\`, pattern = /LR = "/;
export const LR: number = 0.6; // LR = 7
let BATCH = 64
const SIZE = 2 * 32;
const settings = { /* depth: 3 */ depth: 12, 'width': 64, mode: "fast", nested: { flag: true } };
function build(heads = 4) { return heads === 4 ? LR : BATCH; }
let twice = 1;
twice = 2;
const wrapped = 1
  + 2;
const typed = 5 as const;
`;
const YAML = `# lr: 9
optimizer:
  lr:   0.001   # keep
  "name": 'adam'
  betas: [0.9, 0.95]
  alias: &a 3
  other: *a
model: {depth: 12, kind: small, on: true}
peak: 1e-3
`;
const JSON_TEXT = `{\n\t"optimizer": { "lr": 1e-3,\t"name":"adam" }, // lr\n\t"layers": [ { "size": 64 } ]\n}\n`;
const TOML = `# lr = 9
title = """
lr = 8
"""
lr = 0.5
[optimizer]
lr = 0.6 # keep
"decay.rate" = 0.01
schedule.warmup = 1_000
when = 2024-01-01
list = [
  1, 2,
]
[[layer]]
size = 1
[[layer]]
size = 2
`;

const valueOf = (file: string, text: string, name: string) => {
  const found = createFinder(file, text)(name);
  return 'site' in found ? found.site.value : found.problem;
};

describe('locate', () => {
  it.each([
    ['a.py', PYTHON, { LR: 0.6, BATCH: 524288, EPS: 1e-8, DECAY: 0.01, NAME: 'adam', USE: true, width: 64, depth: 12, heads: 4 }],
    ['a.ts', SCRIPT, { LR: 0.6, BATCH: 64, depth: 12, width: 64, mode: 'fast', flag: true, typed: 5 }],
    [
      'a.yaml',
      YAML,
      {
        'optimizer.lr': 0.001,
        'optimizer.name': 'adam',
        'optimizer.betas.1': 0.95,
        'optimizer.alias': 3,
        'model.depth': 12,
        'model.on': true,
        peak: 0.001,
      },
    ],
    ['a.json', JSON_TEXT, { 'optimizer.lr': 0.001, 'optimizer.name': 'adam', 'layers.0.size': 64 }],
    ['a.toml', TOML, { lr: 0.5, 'optimizer.lr': 0.6, 'optimizer.decay.rate': 0.01, 'optimizer.schedule.warmup': 1000, 'layer.1.size': 2 }],
  ])('finds the values of %s', (file, text, expected) => {
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, valueOf(file, text, name)]))).toEqual(expected);
  });

  it('takes the value where a name is also only described or passed on', () => {
    expect(valueOf('a.ts', 'interface A { lr: number }\nconst a: A = { lr: 0.1 };\n', 'lr')).toBe(0.1);
    expect(valueOf('a.py', 'run(lr=lr)\nrun(lr=0.1)\n', 'lr')).toBe(0.1);
    expect(valueOf('a.py', 'run(lr=0.2)\nrun(lr=0.1)\n', 'lr')).toContain('2 times');
  });

  it.each([
    ['a.py', PYTHON, 'PEAK', 'line 9 has `2**19`'],
    ['a.py', PYTHON, 'STEP', 'assigned 2 times, in lines 12, 13'],
    ['a.py', PYTHON, 'LR2', 'no assignment'],
    ['a.ts', SCRIPT, 'SIZE', 'line 5 has `2 * 32;`'],
    ['a.ts', SCRIPT, 'twice', 'assigned 2 times, in lines 8, 9'],
    ['a.ts', SCRIPT, 'wrapped', 'line 10 has `1`'],
    ['a.ts', SCRIPT, 'text', 'line 2 has'],
    ['a.yaml', YAML, 'lr', 'did you mean `optimizer.lr`?'],
    ['a.yaml', YAML, 'optimizer.other', '`*a`'],
    ['a.yaml', 'a: 1\na: 2\n', 'a', 'in lines 1, 2'],
    ['a.json', JSON_TEXT, 'optimizer', 'not a plain'],
    ['a.toml', TOML, 'optimizer.when', '`2024-01-01`'],
    ['a.toml', TOML, 'optimizer.list', 'not a plain'],
    ['a.xyz', 'let lr = 1;', 'lr', 'not among the known'],
  ])('says what is wrong in %s', (file, text, name, problem) => {
    expect(valueOf(file, text, name)).toContain(problem);
  });
});

describe('rewrite', () => {
  it.each([
    ['a.py', 'A = 0.6  # c\n', 0.8, 'A = 0.8  # c\n'],
    ['a.py', 'A = 2.5\n', 3, 'A = 3.0\n'],
    ['a.py', 'A = 524_288\n', 262144, 'A = 262_144\n'],
    ['a.py', 'A = 1e-3\n', 0.0008, 'A = 8e-4\n'],
    ['a.py', 'A = 0.001\n', 8e-9, 'A = 8.0e-9\n'],
    ['a.py', 'A = True\n', false, 'A = False\n'],
    ['a.py', "A = 'adam'\n", 'sgd', "A = 'sgd'\n"],
    ['a.js', 'export const A = 0.1;\n', 0.25, 'export const A = 0.25;\n'],
    ['a.js', 'x = { A: true, b: 1 }\n', false, 'x = { A: false, b: 1 }\n'],
    ['a.yaml', 'A: adam # c\n', 'sgd', 'A: sgd # c\n'],
    ['a.yaml', 'A: adam\n', 'on', 'A: "on"\n'],
    ['a.yaml', 'A: {A: x}\n', 'a, b', null],
    ['a.json', '{"A":1}', 2, '{"A":2}'],
    ['a.toml', '[s]\nk = 1\nA = 0.5\n', 0.25, null],
  ])('%s %j to %j', (file, text, value, expected) => {
    if (expected === null) expect(() => rewrite(file, text, 'A', value)).toThrow(/A/);
    else expect(rewrite(file, text, 'A', value)).toBe(expected);
  });

  const CASES = [
    ['a.py', PYTHON, ['LR', 'EPS', 'DECAY', 'width', 'heads']],
    ['a.ts', SCRIPT, ['LR', 'BATCH', 'depth', 'width', 'typed']],
    ['a.yaml', YAML, ['optimizer.lr', 'optimizer.betas.0', 'optimizer.alias', 'model.depth', 'peak']],
    ['a.json', JSON_TEXT, ['optimizer.lr', 'layers.0.size']],
    ['a.toml', TOML, ['lr', 'optimizer.lr', 'optimizer.decay.rate', 'layer.0.size']],
  ] as const;
  const target = fc
    .constantFrom(...CASES)
    .chain(([file, text, names]) =>
      fc.record({ file: fc.constant(file), text: fc.constant<string>(text), name: fc.constantFrom<string>(...names) }),
    );
  const number = fc
    .oneof(fc.double({ min: 1e-12, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 1e9 }))
    .map((value) => Number(value.toPrecision(4)));

  it('changes nothing when the value is the same', () => {
    fc.assert(
      fc.property(target, ({ file, text, name }) => {
        const value = valueOf(file, text, name);
        expect(rewrite(file, text, name, value ?? '')).toBe(text);
      }),
    );
  });

  it('changes exactly the one literal, and back again', () => {
    fc.assert(
      fc.property(target, number, ({ file, text, name }, value) => {
        const found = createFinder(file, text)(name);
        if (!('site' in found)) throw new Error(found.problem);
        const changed = rewrite(file, text, name, value);
        const { start, end } = found.site;
        expect(changed.slice(0, start)).toBe(text.slice(0, start));
        expect(changed.endsWith(text.slice(end))).toBe(true);
        expect(valueOf(file, changed, name)).toBe(value);
        const back = rewrite(file, changed, name, found.site.value ?? '');
        expect(valueOf(file, back, name)).toBe(found.site.value);
      }),
    );
  });
});

const SYNTAX = { js: JAVASCRIPT.syntax, python: PY.syntax, toml: TM.syntax };
const mask = (text: string, syntax: keyof typeof SYNTAX, strings?: boolean) =>
  maskWith(text, SYNTAX[syntax] ?? { starts: '', rules: [] }, strings);

describe('mask', () => {
  const PARTS = ['"', "'", '`', '${', '}', '/', '*', '#', '\\', '\n', 'a', ' ', '=', '[', '"""', '1'];
  const code = fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join(''));

  it('keeps length and lines of any text, and adds nothing', () => {
    fc.assert(
      fc.property(code, fc.constantFrom('js', 'python', 'toml'), fc.boolean(), (text, syntax, strings) => {
        const masked = mask(text, syntax, strings);
        expect(masked).toHaveLength(text.length);
        for (let at = 0; at < text.length; at += 1) {
          expect(text.charAt(at) === '\n' ? ['\n'] : [' ', text.charAt(at)]).toContain(masked.charAt(at));
        }
      }),
    );
  });

  it.each(['`', '`${`', '"""', "'a", 'a = "b\\', '/* a'])('copes with %j, which is never closed', (text) => {
    for (const syntax of ['js', 'python', 'toml'] as const) expect(mask(text, syntax)).toHaveLength(text.length);
  });

  it('leaves code and quotes, and blanks the rest', () => {
    expect(mask('a = 1 # b = "2"\nc = "d # e"', 'python')).toBe('a = 1          \nc = "     "');
    expect(mask('a = b / c; d = /"/.test(e); f = `${"}"}`', 'js')).toBe('a = b / c; d = / /.test(e); f = `      `');
    const code = 'const t = `a ${f({ b: "{" })} c ${`d`}`;';
    expect(mask(`${code}\nconst A = 1;`, 'js')).toBe(`const t = \`${' '.repeat(code.length - 13)}\`;\nconst A = 1;`);
  });
});
