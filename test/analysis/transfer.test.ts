import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TransferRecord } from '../../src/ledger/analysis-records.ts';
import { makeProject, problemsOf, run, set, stepsAgent } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';

/** The loss is x in the loop; at other sizes it may be the opposite, noisy, or missing. */
const TRAIN = `x=$(cat value.txt); noise=$((AUTORESEARCH_SEED % 5))
echo "$AUTORESEARCH_SEED \${SIZE:-small}" >> "$SEEN"
case \${SIZE:-small} in
  small) echo "loss: $x" ;;
  large) echo "loss: $x.00$noise" ;;
  huge) echo "loss: $((10 - x)).00$noise" ;;
  wild) echo "loss: $((AUTORESEARCH_SEED * 7919 % 13))" ;;
  broken) echo "no such size" >&2; exit 2 ;;
esac
`;
const conditions = ['large', 'huge', 'wild', 'broken'].map((name) => ({ name, env: { SIZE: name } }));

async function ranProject(transfer: readonly object[] = conditions) {
  const parts = {
    agent: stepsAgent([set(2), set(1)], { first: 0 }),
    sandbox: 'off',
    workspace: { env: ['SEEN'] },
    budget: { experiments: 2 },
    transfer,
  };
  const repo = makeProject(parts, { 'train.sh': TRAIN, 'value.txt': '4\n' });
  const seen = join(repo.dir, '.git', 'seen');
  process.env['SEEN'] = seen;
  await run(repo.dir);
  return { ...repo, seen, cli: (...args: string[]) => runCli(['transfer', 'night', ...args], { cwd: repo.dir }) };
}

describe('transfer', () => {
  it('says first what it would take, and measures nothing', async () => {
    const { cli, seen } = await ranProject([{ name: '20 minutes', env: { SIZE: 'large' }, timeout: '30m' }, conditions[1] as object]);
    writeFileSync(seen, '');
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    expect(stdout).toBe(`12 trials, at most 3h 2m in all: the final commit and the baseline, 3 times each
  20 minutes: 6 trials of at most 30m (SIZE=large)
  huge: 6 trials of at most 20s (SIZE=huge)
start it with: autoresearch transfer night --yes
`);
    expect(readFileSync(seen, 'utf8')).toBe('');
  });

  it('tells a gain from a loss, from noise and from what cannot be measured', async () => {
    const { dir, cli, seen, git } = await ranProject();
    writeFileSync(seen, '');
    const { code, stdout, stderr } = await cli('--yes', '--json');
    expect(code, stderr).toBe(0);
    const record = JSON.parse(stdout) as TransferRecord;
    const found = Object.fromEntries(record.conditions.map((condition) => [condition.name, condition]));
    expect(record.conditions.map(({ name, shown }) => [name, shown])).toEqual([
      ['large', 'gain'],
      ['huge', 'loss'],
      ['wild', 'none'],
      ['broken', 'failed'],
    ]);
    expect(found['large']?.change?.value).toBeCloseTo(3, 6);
    expect(found['huge']?.change?.value).toBeCloseTo(-3, 6);
    expect(found['broken']?.failure).toMatchObject({ code: 'TRIAL_FAILED', text: expect.stringContaining('no such size') });
    expect(record.text).toBe('the gain is shown under 1 of 4 conditions, a loss under 1, 1 could not be measured');
    // Equal seeds for both sides, and none that anything else uses.
    const seeds = readFileSync(seen, 'utf8').trim().split('\n');
    for (const name of ['large', 'huge', 'wild']) {
      const used = seeds.filter((line) => line.endsWith(` ${name}`)).map((line) => Number(line.split(' ')[0]));
      expect(used).toHaveLength(6);
      expect(new Set(used).size).toBe(3);
      expect(Math.min(...used)).toBeGreaterThanOrEqual(4_000_000);
    }
    expect(git('log', '-1', '--format=%s', 'refs/autoresearch/night/ledger')).toContain('transfer: the gain is shown under 1 of 4');
    expect(await problemsOf(dir)).toEqual([]);
    expect(existsSync(join(dir, '.autoresearch/night/worktrees/measure'))).toBe(false);
  });

  it('shows a table, and uses new seeds the next time', async () => {
    const { cli, seen } = await ranProject();
    await cli('--yes', '--only', 'large', '--trials', '2');
    writeFileSync(seen, '');
    const { stdout } = await cli('--yes', '--only', 'large', '--trials', '2');
    expect(stdout).toMatch(/^#1 against #0; a positive number is a gain\ncondition +gain +95 %.*\nlarge +\+3 .* the gain is there\n/);
    expect(readFileSync(seen, 'utf8')).toContain('4001000 large');
  });

  it.each([
    [['--only', 'lage'], 'the config names no condition "lage"', 'there are: large, huge'],
    [['--trials', '1'], 'one trial of each side tells nothing of the noise', '--trials 2'],
  ])('refuses %j', async (args, message, hint) => {
    const { cli } = await ranProject();
    const { code, stderr } = await cli('--yes', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('says what to write where the config names no condition, and what to do where nothing was kept', async () => {
    const none = await ranProject([]);
    expect((await none.cli()).stderr).toContain('add them, such as: transfer: [{ name:');
    const repo = makeProject({ agent: stepsAgent([set(9)], { first: 0 }), budget: { experiments: 1 }, transfer: conditions });
    await run(repo.dir);
    const { code, stderr } = await runCli(['transfer', '--yes'], { cwd: repo.dir });
    expect([code, stderr]).toEqual([3, expect.stringContaining('has kept nothing, so there is no gain to look for elsewhere')]);
  });
});
