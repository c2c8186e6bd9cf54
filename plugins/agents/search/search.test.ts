import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent, Pending } from '../../../src/plugin.ts';
import { makeBrief, makePreflight, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import { createSearch, DEPTH, FLAG, KIND, LR, newFolder, play, readValue } from '../../../test/helpers/play-search.ts';
import search from './index.ts';

testPlugin(search, {
  options: {
    valid: [{ parameters: [LR] }, { parameters: [DEPTH, FLAG, KIND] }],
    invalid: [
      {},
      { parameters: [] },
      { parameters: [{ ...LR, type: 'double' }] },
      { parameters: [{ ...LR, range: [1] }] },
      { parameters: [{ ...LR, unit: 's' }] },
    ],
  },
});

describe('the order of proposals', () => {
  it('looks at each parameter once before it looks at one again, unless one was kept', async () => {
    const folder = await newFolder('LR = 0.1\nDEPTH = 8\nFLAG = False\nKIND = "a"\n');
    let calls = 0;
    const { history } = await play(createSearch([LR, DEPTH, FLAG, KIND]), folder, 4, () => Promise.resolve((calls += 1)));
    expect(history.flatMap(({ params }) => Object.keys(params ?? {})).sort()).toEqual(['DEPTH', 'FLAG', 'KIND', 'LR']);
  });

  it('goes on in the same direction after a keep, and says so', async () => {
    const folder = await newFolder('LR = 0.01\n');
    const agent = createSearch([LR]);
    await agent.propose(makeBrief({ cwd: folder, scratchDir: folder, parent: 'c0' }));
    await writeFile(join(folder, 'train.py'), 'LR = 0.02  # kept\n');
    const kept = makeSummary({ id: 1, verdict: 'keep', params: { LR: 0.02 }, delta: -0.2, parent: 'c0', candidate: 'c1' });
    const next = await agent.propose(
      makeBrief({ id: 2, cwd: folder, scratchDir: folder, parent: 'c1', run: makeRunView({ history: [kept] }) }),
    );
    if (next.status !== 'proposed') throw new Error(next.status);
    expect(next.report).toMatchObject({ title: 'LR 0.02 → 0.04', params: { LR: 0.04 }, source: 'schema' });
    expect(next.report.hypothesis).toBe('LR at 0.04 instead of 0.02 lowers score.');
    expect(next.report.rationale).toMatch(/^Follow-up: .*#1 LR 0.01 → 0.02 \(-0.2, keep\)/);
    expect(next.report.risks?.length).toBeGreaterThan(0);
    expect(await readFile(join(folder, 'train.py'), 'utf8')).toBe('LR = 0.04  # kept\n');
  });

  it('never proposes the same values twice, and says when nothing is left', async () => {
    const folder = await newFolder('FLAG = False\nKIND = 1\n');
    const seen: string[] = [];
    const { end } = await play(createSearch([FLAG, { ...KIND, values: [1, 2, 3] }]), folder, 20, async () => {
      const { FLAG: flag, KIND: kind } = await readValue(folder, 'FLAG', 'KIND');
      seen.push(`${flag} ${kind}`);
      return kind === 2 ? 1 : 2;
    });
    expect(end).toBe('exhausted');
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it('proposes nothing that is in flight, and takes it again when nothing came of it', async () => {
    const options = [FLAG, { ...KIND, values: [1, 2] }] as const;
    const text = 'FLAG = False\nKIND = 1\n';
    const agent = createSearch(options);
    const ask = async (id: number, pending: readonly number[], from: Agent = agent) => {
      const cwd = await newFolder(text);
      const run = makeRunView({
        pending: pending.map((each) => inFlight.get(each) ?? { ...AT_WORK, id: each, title: '', agent: '', basis }),
      });
      const result = await from.propose(makeBrief({ id, cwd, scratchDir: cwd, parent: 'c0', seed: id, run }));
      if (result.status !== 'proposed') return result.status;
      inFlight.set(id, { ...AT_WORK, id, title: result.report.title, agent: 'search', basis, params: result.report.params ?? {} });
      return JSON.stringify(Object.entries(result.report.params ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    };
    const basis = { incumbent: 0, commit: 'c0' };
    const AT_WORK = { kind: 'change', stage: 'proposing', usd: 0 } as const;
    const inFlight = new Map<number, Pending>();
    // All three at once: each knows of the others.
    const moves = await Promise.all([1, 2, 3].map((id) => ask(id, [1, 2, 3])));
    expect(new Set(moves).size).toBe(3);
    expect(await ask(4, [1, 2, 3, 4])).toBe('exhausted');
    expect([await ask(5, [1, 3, 5]), moves[1]]).toEqual([moves[1], moves[1]]);
  });

  it('stops when the parameters are gone from the files', async () => {
    const folder = await newFolder('LR = compute()\n');
    expect(await createSearch([LR]).propose(makeBrief({ cwd: folder, scratchDir: folder }))).toMatchObject({ status: 'exhausted' });
  });
});

describe('verify', () => {
  const problemsOf = async (
    parameters: Parameters<typeof createSearch>[0],
    files: Record<string, string>,
    editable = Object.keys(files),
  ) => {
    const { preflight, problems } = makePreflight(files, { editable });
    await createSearch(parameters).verify?.(preflight);
    return problems;
  };

  it('is content with parameters that are there, also outside their range', async () => {
    expect(await problemsOf([LR, DEPTH, FLAG, KIND], { 'train.py': 'LR = 5.0\nDEPTH = 8\nFLAG = True\nKIND = "z"\n' })).toEqual([]);
  });

  it('names file, parameter and what was found instead', async () => {
    const found = await problemsOf([LR, DEPTH, FLAG], { 'train.py': 'LR = 2 * 3\nDEPTH = 0.5\n' });
    expect(found.map(({ code }) => code)).toEqual(['PARAMETER_NOT_FOUND', 'PARAMETER_NOT_FOUND', 'PARAMETER_NOT_FOUND']);
    expect(found.map(({ message }) => message)).toEqual([
      'train.py: LR: line 1 has `2 * 3`, which is not a plain number, word or string',
      'train.py: DEPTH: its value 0.5 is not a whole number',
      'train.py: FLAG: there is no assignment of it',
    ]);
  });

  const of = (file: string, name: string, rest: object) => ({ file, name, type: 'int', scale: 'linear', ...rest }) as typeof DEPTH;

  it('finds places by a pattern in any text, and says what is wrong with a pattern', async () => {
    const makefile = 'CFLAGS = -O2 -funroll-loops\n# -O3 was tried\nall:\n\tcc $(CFLAGS)\n';
    const level = (pattern: string) => problemsOf([of('Makefile', 'level', { pattern, range: [0, 3] })], { Makefile: makefile });
    expect(await level('-O(\\d)')).toEqual([]);
    expect((await level('-O\\d')).map(({ message }) => message).join()).toContain('needs one group in parentheses, the value, and has 0');
    expect((await level('-O(')).map(({ message }) => message).join()).toContain('is no regular expression');
    expect((await level('-X(\\d)')).map(({ message }) => message)).toEqual(['Makefile: level: nothing fits the pattern `-X(\\d)`']);
    expect((await level('-(.)')).map(({ message }) => message).join()).toContain('fits 3 places, in lines 1, 1, 1;');
    const unknown = await problemsOf([of('a.xyz', 'n', { range: [1, 3] })], { 'a.xyz': 'n := 2' });
    expect(unknown).toMatchObject([
      {
        code: 'PARAMETER_NOT_FOUND',
        message: expect.stringContaining('.xyz files are not among the known ones'),
        hint: expect.stringContaining("pattern: '…(…)…'"),
      },
    ]);
    expect(await problemsOf([of('a.xyz', 'n', { range: [1, 3], pattern: 'n := (\\d+)' })], { 'a.xyz': 'n := 2' })).toEqual([]);
  });

  it('knows before the night what cannot be written, and takes 1 for a switch', async () => {
    const files = { 'sort.c': '#define CHUNK 64UL\n#define SIMD 1\n' };
    const found = await problemsOf([of('sort.c', 'CHUNK', { type: 'float', range: [1, 100] })], files);
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^sort\.c: CHUNK: line 1 has `64UL`, and [\d.]+ cannot be written there$/),
    ]);
    expect(await problemsOf([of('sort.c', 'CHUNK', { range: [1, 100] }), of('sort.c', 'SIMD', { type: 'bool' })], files)).toEqual([]);
  });

  it('wants the file committed and editable, and the ranges sound', async () => {
    expect((await problemsOf([LR], {})).map(({ code }) => code)).toEqual(['EDIT_FILE_NOT_COMMITTED']);
    expect((await problemsOf([LR], { 'train.py': 'LR = 1\n' }, [])).map(({ message }) => message).join()).toContain('may not be edited');
    expect((await problemsOf([{ ...LR, range: [1, 0] }], { 'train.py': 'LR = 1\n' })).map(({ code }) => code)).toEqual(['CONFIG_VALUE']);
  });
});
