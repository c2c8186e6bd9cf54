import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBrief, makeContext, makeRunView, makeSummary } from '../../../src/testing.ts';
import type { Summary } from '../../../src/plugin.ts';
import { createSearch, DEPTH, FLAG, KIND, LR, newFolder, readValue } from '../../../test/helpers/play-search.ts';

describe('a resumed run', () => {
  it('goes on as the interrupted one would have, from the history and git alone', async () => {
    const folder = await newFolder('LR = 0.01\nDEPTH = 4\nFLAG = False\nKIND = "a"\n');
    const file = join(folder, 'train.py');
    const scratchDir = await mkdtemp(join(tmpdir(), 'autoresearch-search-'));
    const git = async (...args: string[]) =>
      (await makeContext().exec(['git', '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder })).tail.trim();
    const commit = async () => {
      await git('add', '-A');
      await git('commit', '-qm', 'x');
      return git('rev-parse', 'HEAD');
    };
    await git('init', '-q');
    let parent = await commit();
    let best = 10;
    const history: Summary[] = [];
    const agent = createSearch([LR, DEPTH, FLAG, KIND]);
    for (let id = 1; id <= 14; id += 1) {
      const brief = makeBrief({ id, cwd: folder, scratchDir, parent, seed: id * 7, run: makeRunView({ history: [...history] }) });
      const going = await agent.propose(brief);
      const text = await readFile(file, 'utf8');
      await git('checkout', '-q', '--', '.');
      expect(await createSearch([LR, DEPTH, FLAG, KIND]).propose(brief)).toEqual(going);
      expect(await readFile(file, 'utf8')).toBe(text);

      if (going.status !== 'proposed') throw new Error(going.status);
      const { LR: lr, DEPTH: depth } = await readValue(folder, 'LR', 'DEPTH');
      const score = (Math.log10(lr) + 1) ** 2 + ((depth - 12) / 10) ** 2;
      const isKept = score < best;
      const candidate = isKept ? await commit() : null;
      await git('checkout', '-q', '--', '.');
      const { params = {} } = going.report;
      history.push(makeSummary({ id, verdict: isKept ? 'keep' : 'discard', params, score, delta: score - best, parent, candidate }));
      if (candidate !== null) [best, parent] = [score, candidate];
    }
    await rm(scratchDir, { recursive: true });
    expect(history.filter(({ verdict }) => verdict === 'keep').length).toBeGreaterThan(1);
  });

  it('reads each experiment of the history once', async () => {
    const folder = await newFolder('LR = 0.01\nDEPTH = 4\n');
    const agent = createSearch([LR, DEPTH]);
    let reads = 0;
    const plain = Array.from({ length: 5000 }, (_, index) =>
      makeSummary({ id: index + 1, parent: 'c0', params: { LR: 0.001 + index / 10_000 } }),
    );
    const history = new Proxy(plain, {
      get: (target, key) => {
        if (/^\d+$/.test(String(key))) reads += 1;
        return Reflect.get(target, key) as unknown;
      },
    });
    const brief = makeBrief({ cwd: folder, scratchDir: folder, parent: 'c0', run: { ...makeRunView(), history } });
    await agent.propose(brief);
    expect(reads).toBe(5000);
    plain.push(makeSummary({ id: 5001, parent: 'c0', params: { DEPTH: 6 } }));
    await writeFile(join(folder, 'train.py'), 'LR = 0.01\nDEPTH = 4\n');
    await agent.propose({ ...brief, id: 2 });
    expect(reads).toBe(5001);
  });
});
