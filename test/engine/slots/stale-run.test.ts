import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../helpers/repo.ts';
import { makeProject, problemsOf, resume, run, stepsAgent, type Step } from '../../helpers/project.ts';
import { runCli } from '../../helpers/run-cli.ts';

/** The loss is the sum of two files. Experiment `id` trains until `until` holds, for a minute or so at most. */
function sumTrainer(id: number, until: string): Record<string, unknown> {
  const script = `[ "$AUTORESEARCH_EXPERIMENT" != ${id} ] || for i in $(seq 1000); do ${until} && break; sleep 0.05; done
    echo "loss: $(awk -v a=$(cat value.txt) -v b=$(cat lib/part.txt) 'BEGIN { print a + b }')"`;
  return { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '5m' };
}

const PARTS = { 'lib/part.txt': '1\n' };
const asked = (calls: string): string[] => readFileSync(calls, 'utf8').trim().split('\n');

describe('a change whose basis is no longer the incumbent when it gets a slot', () => {
  async function runAhead(second: Step, options: Record<string, unknown> = {}) {
    const folder = makeFolder();
    const calls = join(folder, 'calls');
    const repo = makeProject(
      {
        lookahead: 1,
        agent: stepsAgent([{ bash: 'echo 0.5 > value.txt' }, second], { calls, ...options }),
        trainer: sumTrainer(1, `grep -q 2 ${calls}`),
        workspace: { readable: [folder] },
        budget: { experiments: 2 },
      },
      PARTS,
    );
    const { experiments } = await run(repo.dir);
    expect(await problemsOf(repo.dir)).toEqual([]);
    return { repo, calls, last: experiments.find(({ id }) => id === 2) };
  }

  it('is moved onto the incumbent before its trial, where git can merge the two', async () => {
    const { repo, calls, last } = await runAhead({ bash: 'echo 0.9 > lib/part.txt', title: 'part' });
    expect(last).toMatchObject({ verdict: 'keep', basis: { incumbent: 1 }, delta: expect.closeTo(-0.1, 9) as number });
    expect(last?.moved).toHaveLength(1);
    const [from] = last?.moved ?? [];
    // As it was made, it can still be looked at.
    expect(repo.git('show', `${from?.candidate}:value.txt`).trim()).toBe('1');
    expect(repo.git('show', 'autoresearch/night:value.txt', 'autoresearch/night:lib/part.txt').trim().split('\n')).toEqual(['0.5', '0.9']);
    expect(last?.changes.map(({ path }) => path)).toEqual(['lib/part.txt']);
    expect(asked(calls)).toEqual(['1', '2']);
    expect((await runCli(['show', '2'], { cwd: repo.dir })).stdout).toMatch(/moved +from [0-9a-f]{7} on [0-9a-f]{7}/);
  });

  it('goes back to its agent once where git cannot', async () => {
    const fixes = [{ bash: 'grep -q "^<<<<<<<" value.txt && echo 0.3 > value.txt', title: 'both', prompt: 'prompt.txt' }];
    const { repo, calls, last } = await runAhead({ bash: 'echo 0.4 > value.txt', fixes }, { canFix: 1 });
    expect(last).toMatchObject({ verdict: 'keep', basis: { incumbent: 1 }, conflict: { paths: ['value.txt'], fix: 'both' } });
    expect(repo.git('show', 'autoresearch/night:value.txt').trim()).toBe('0.3');
    expect(asked(calls)).toEqual(['1', '2', '2']);
    expect(readFileSync(join(repo.dir, 'prompt.txt'), 'utf8')).toContain('conflict (<<<<<<<, =======, >>>>>>>): value.txt');
  });

  it.each([
    ['has no answer to a conflict', [], { canFix: 1 }],
    ['leaves the conflict in the file', [{ bash: 'echo >> value.txt' }], { canFix: 1 }],
    ['is not asked to mend anything', [], {}],
  ])('is measured as it was made where its agent %s', async (_, fixes, options) => {
    const { repo, last } = await runAhead({ bash: 'echo 0.4 > value.txt', fixes }, options);
    expect(last).toMatchObject({ verdict: 'keep', basis: { incumbent: 0 }, incumbent: { id: 1 }, conflict: { paths: ['value.txt'] } });
    expect([last?.moved, last?.conflict?.fix]).toEqual([undefined, undefined]);
    expect(repo.git('show', 'autoresearch/night:value.txt').trim()).toBe('0.4');
    expect((await runCli(['show', '2'], { cwd: repo.dir })).stdout).toMatch(/conflict +value.txt/);
  });
});

describe('a change that gained on its basis and lost to the incumbent', () => {
  /** Two experiments at once: the first one to be kept is the better one, and they can be had together. */
  function makeLate(part: string, { holds = false } = {}) {
    const folder = makeFolder();
    const letGo = () => writeFileSync(join(folder, 'go'), '');
    if (!holds) letGo();
    const calls = join(folder, 'calls');
    const wait = (id: number, condition: string) => `${id}) for i in $(seq 1000); do ${condition} && break; sleep 0.05; done;;`;
    // 2 is decided while 3 trains, and 3 after that.
    const script = `touch ${folder}/$AUTORESEARCH_EXPERIMENT
    case $AUTORESEARCH_EXPERIMENT in
      ${wait(2, `[ -e ${folder}/3 ]`)} ${wait(3, `grep -q 4 ${calls}`)} ${wait(4, `[ -e ${folder}/go ]`)}
    esac
    echo "loss: $(awk -v a=$(cat value.txt) -v b=$(cat lib/part.txt) 'BEGIN { print a + b }')"`;
    const steps = [{ bash: 'echo 0.2 > value.txt' }, { bash: part, title: 'part' }];
    const repo = makeProject(
      {
        slots: { count: 2 },
        lookahead: 0,
        // Experiment 1 is the control of the second slot.
        agent: stepsAgent(steps, { calls, first: 2 }),
        trainer: { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '5m' },
        gates: [{ use: 'posterior' }],
        noise: { sigma: 0.01, baselines: 1, controlEvery: 1000 },
        workspace: { writable: [folder] },
      },
      PARTS,
    );
    return { repo, calls, letGo };
  }

  it('is offered again, moved onto the incumbent, and nobody is asked for it', async () => {
    const { repo, calls } = makeLate('echo 0.7 > lib/part.txt');
    const { experiments, end } = await run(repo.dir);
    expect(experiments.map(({ id, verdict, reason, again }) => [id, verdict, reason.code, again])).toEqual([
      [0, 'keep', 'BASELINE', undefined],
      [1, 'discard', 'SLOT_MEASURED', undefined],
      [2, 'keep', 'LIKELY_GAIN', undefined],
      [3, 'discard', 'GAINED_ON_ITS_BASIS', undefined],
      [4, 'keep', 'LIKELY_GAIN', 3],
    ]);
    const last = experiments.at(-1);
    expect(last).toMatchObject({ basis: { incumbent: 2 }, proposal: { title: 'part' }, moved: [{ candidate: experiments[3]?.candidate }] });
    expect(repo.git('show', 'autoresearch/night:value.txt', 'autoresearch/night:lib/part.txt').trim().split('\n')).toEqual(['0.2', '0.7']);
    expect([end.reason.code, asked(calls).slice(0, 3)]).toEqual(['NOTHING_LEFT', ['2', '3', '4']]);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const { code, stdout, stderr } = await runCli(['verify', '--recompute'], { cwd: repo.dir });
    expect(code, stdout + stderr).toBe(0);
    const status = JSON.parse((await runCli(['status', '--json'], { cwd: repo.dir })).stdout) as Record<string, unknown>;
    expect(status['late']).toMatchObject({ found: 1, again: 1, kept: 1, survival: { n: 1 } });
    expect((await runCli(['status'], { cwd: repo.dir })).stdout).toMatch(/late gains +1 .*1 offered again, 1 kept/);
    expect((await runCli(['log'], { cwd: repo.dir })).stdout).toContain('again of #3');
  });

  it('is given up where it conflicts with the incumbent, and not offered a second time', async () => {
    const { repo } = makeLate('echo 0.7 > value.txt');
    const { experiments } = await run(repo.dir);
    expect(experiments.slice(3).map(({ id, verdict, reason, again }) => [id, verdict, reason.code, again])).toEqual([
      [3, 'discard', 'GAINED_ON_ITS_BASIS', undefined],
      [4, 'discard', 'CONFLICT', 3],
    ]);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('is offered once although the run is stopped while it is measured', async () => {
    const { repo, letGo } = makeLate('echo 0.7 > lib/part.txt', { holds: true });
    const stop = new AbortController();
    const timer = setInterval(() => readsAgain(repo.dir) && stop.abort(), 20);
    const first = await run(repo.dir, { signal: stop.signal });
    clearInterval(timer);
    expect([first.end.outcome, first.experiments.length]).toEqual(['interrupted', 4]);
    repo.git('gc', '-q', '--prune=now');
    letGo();
    const { experiments } = await resume(repo.dir);
    expect(experiments.map(({ id, again }) => [id, again])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [4, 3],
    ]);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

/** Is the change that is offered again committed, and not yet measured? */
function readsAgain(dir: string): boolean {
  try {
    return readFileSync(join(dir, '.autoresearch/night/wal/4.jsonl'), 'utf8').includes('"again":3');
  } catch {
    return false;
  }
}
