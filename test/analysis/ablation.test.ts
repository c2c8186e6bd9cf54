import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ablateRun } from '../../src/analysis/ablate-run.ts';
import { measureBaseline } from '../../src/analysis/measure-baseline.ts';
import { assemble, withoutReporters } from '../../src/engine/session/assemble.ts';
import { startRun } from '../../src/engine/session/run.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openRepository, resolveCommit } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import { verifyRun } from '../../src/ledger/verify.ts';

describe('a real run', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const quiet = { info() {}, warn() {}, debug() {} };
  const signal = new AbortController().signal;

  /** Three files, each worth something: a 4, b nothing, c 1. A little noise by seed. */
  function project(): string {
    const dir = mkdtempSync(join(tmpdir(), 'ablation-'));
    folders.push(dir);
    const files = {
      'a.txt': '5',
      'b.txt': '5',
      'c.txt': '5',
      'train.mjs': `import { createHash } from 'node:crypto';
        import { readFileSync } from 'node:fs';
        const [a, b, c] = ['a', 'b', 'c'].map((name) => Number(readFileSync(name + '.txt', 'utf8')));
        const digest = createHash('sha256').update([process.env.AUTORESEARCH_SEED, a, b, c].join()).digest();
        const noise = (digest.readUInt32BE() / 2 ** 32 - 0.5) * 0.1;
        console.log('score: ' + (10 + a + c * 0.25 + noise));`,
      'agent.mjs': `import { writeFileSync } from 'node:fs';
        import { join } from 'node:path';
        const moves = [['a', '1'], ['b', '-5'], ['c', '1']];
        export default { kind: 'agent', name: 'script', apiVersion: 1, description: 'Three changes.', schema: false, create: () => ({
          propose: async ({ id, cwd }) => {
            const move = moves[id - 1];
            if (!move) return { status: 'exhausted', reason: 'done' };
            writeFileSync(join(cwd, move[0] + '.txt'), move[1]);
            return { status: 'proposed', report: { title: move.join(' '), source: 'schema' } };
          } }) };`,
      'autoresearch.config.yaml': `
scope: { edit: ['*.txt'] }
objective: { use: single, with: { metric: score, direction: minimize } }
agent: { use: ./agent.mjs }
trainer: { use: command, with: { run: [node, train.mjs] }, timeout: 20s }
metrics: { score: { use: regex, with: { pattern: '^score: (\\S+)' } } }
gates: [{ use: ./keep.mjs }]
reporters: []
`,
      'keep.mjs': `export default { kind: 'gate', name: 'keep', apiVersion: 1, description: 'Keeps everything.', schema: false,
        create: () => ({ improvement: true, judge: () => ({ outcome: 'pass', code: 'KEPT', reason: 'always' }) }) };`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: dir });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'start');
    return dir;
  }

  async function measure(cwd: string, repeats: number) {
    const loaded = await loadConfig({ cwd });
    const repository = await openRepository(cwd);
    const { projectDir } = repository;
    const assembly = await assemble(loaded.config, withoutReporters(loaded.uses), { projectDir, log: quiet, signal });
    const base = await resolveCommit(repository);
    return { report: await measureBaseline({ loaded, assembly, repository, base, repeats, signal, log: quiet }), repository };
  }

  it('is ablated: the passenger is found and dropped, the ledger stays whole', async () => {
    const cwd = project();
    await startRun({ cwd, name: 'night', log: quiet, signal });
    const found = await ablateRun({ cwd, name: undefined, trials: 8, drop: true, log: quiet, signal, onAssembled() {}, onTrial() {} });
    expect(found.effects.map(({ id, role }) => [id, role])).toEqual([
      [1, 'carries'],
      [3, 'carries'],
      [2, 'passenger'],
    ]);
    expect(found.effects[0]?.value).toBeCloseTo(4, 1);
    expect(found.lean?.dropped).toEqual([2]);
    const { git } = await openRepository(cwd);
    expect(await git.run(['show', 'refs/heads/autoresearch/night-lean:b.txt'])).toBe('5');
    expect(await git.run(['show', 'refs/heads/autoresearch/night-lean:a.txt'])).toBe('1');
    expect((await verifyRun(git, 'night')).problems).toEqual([]);
    expect((await readRun(git, 'night')).sessions.at(-1)).toMatchObject({ kind: 'ablation', text: found.text });
    expect(await git.run(['worktree', 'list'])).not.toContain('worktrees/measure');
  });

  it('refuses a budget that cannot show anything', async () => {
    const cwd = project();
    await startRun({ cwd, name: 'night', log: quiet, signal });
    const request = { cwd, name: undefined, trials: 3, drop: false, log: quiet, signal, onAssembled() {}, onTrial() {} };
    await expect(ablateRun(request)).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--trials 8') });
  });

  it('has its baseline measured before it begins, without a trace but the exclude line', async () => {
    const cwd = project();
    const { report, repository } = await measure(cwd, 4);
    expect(report.scores).toHaveLength(4);
    expect(report.mean).toBeCloseTo(16.25, 1);
    expect(report.sigma).toBeGreaterThan(0);
    expect(report.smallestEffect).toBeCloseTo(1.6449 * Math.SQRT2 * report.sigma, 4);
    expect(await repository.git.run(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main\n');
    expect(await repository.git.run(['status', '--porcelain'])).toBe('');
  });

  it('gets the same score outside the loop as in it: one that is not finite is none', async () => {
    const cwd = project();
    writeFileSync(
      join(cwd, 'goal.mjs'),
      `export default { kind: 'objective', name: 'goal', apiVersion: 1, description: 'No number.', schema: false,
        create: () => ({ direction: 'minimize', label: 'goal', metrics: ['score'], score: () => ({ value: NaN, spread: 0, n: 1 }) }) };`,
    );
    const file = join(cwd, 'autoresearch.config.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^objective: .*$/m, 'objective: { use: ./goal.mjs }'));
    await expect(measure(cwd, 2)).rejects.toMatchObject({
      code: 'BASELINE_FAILED',
      message: expect.stringContaining('not a finite number'),
    });
  });
});
