/** An engine that is killed in an audit or an ablation goes on with it: no trial that was finished is made again. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import { makeProject, problemsOf, RUN, set, stepsAgent } from '../helpers/project.ts';
import { makeFolder, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

// Whole runs, several in some tests, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

/** Notes commit and seed of each trial; before the trials of these numbers it kills the engine, which the lock names. */
function projectKilledAt(numbers: readonly number[]): { repo: TestRepo; trials: () => string[] } {
  const notes = join(makeFolder(), 'trials');
  const script = [
    `n=$(wc -l < "${notes}" 2>/dev/null || echo 0)`,
    `case " ${numbers.join(' ')} " in *" $n "*) test -e "${notes}.$n" || { touch "${notes}.$n"; kill -9 $(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' ../../lock); sleep 60; } ;; esac`,
    `echo "$(cat value.txt) $AUTORESEARCH_SEED" >> "${notes}"`,
    'echo "loss: $(cat value.txt)"',
  ].join('\n');
  const repo = makeProject({
    agent: stepsAgent([set(0.9), set(0.5)]),
    trainer: { use: 'command', with: { run: ['sh', '-c', script] }, timeout: '20s' },
    gates: [{ use: 'min-delta' }, { use: 'audit' }],
    sandbox: 'off',
  });
  return { repo, trials: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []) };
}

/** Runs the command until nobody kills it; how often somebody did. */
async function untilThrough(repo: TestRepo, first: readonly string[], next: readonly string[]): Promise<number> {
  for (let kills = 0; kills < 20; kills++) {
    const { code, signal, stderr } = await runCli(kills === 0 ? first : next, { cwd: repo.dir });
    if (signal === null) {
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('bug')]);
      return kills;
    }
  }
  throw new Error('it never came through');
}

it('by kills in the audit at the end of a run', async () => {
  // Three trials of the loop, then six of the audit.
  const { repo, trials } = projectKilledAt([4, 6, 8]);
  expect(await untilThrough(repo, ['run', '--name', RUN], ['resume', RUN])).toBe(3);
  expect(trials()).toHaveLength(9);
  expect(new Set(trials()).size).toBe(9);
  const { sessions } = await readRun((await openRepository(repo.dir)).git, RUN);
  const audits = sessions.flatMap((session) => (session.kind === 'audit' ? [session.audit] : []));
  expect(audits).toHaveLength(1);
  expect([audits[0]?.trials.final.length, audits[0]?.trials.anchor.length]).toEqual([3, 3]);
  expect(await problemsOf(repo.dir)).toEqual([]);
});

it('by kills in an ablation', async () => {
  // Nine trials of the run; then two rounds of the final commit and of it without each of two keeps.
  const { repo, trials } = projectKilledAt([10, 13]);
  expect(await untilThrough(repo, ['run', '--name', RUN], ['resume', RUN])).toBe(0);
  const before = trials().length;
  expect(await untilThrough(repo, ['ablate', RUN], ['ablate', RUN])).toBe(2);
  const own = trials().slice(before);
  const { sessions } = await readRun((await openRepository(repo.dir)).git, RUN);
  const found = sessions.findLast((session) => session.kind === 'ablation');
  expect(own).toHaveLength(found?.trials.length ?? -1);
  expect(await problemsOf(repo.dir)).toEqual([]);
  // The next one is another measurement.
  expect((await runCli(['ablate', RUN], { cwd: repo.dir })).code).toBe(0);
  expect(trials()).toHaveLength(before + 2 * own.length);
});
