import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { InFlight } from '../../src/ledger/wal.ts';
import { killRuns, runDirOf, type Aim } from '../helpers/kill-runs.ts';
import { after, afterWrites, leftInFlight, walFilesOf } from '../helpers/kills.ts';
import { leftovers } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf } from '../helpers/project.ts';
import { makeFolder, snapshot } from '../helpers/repo.ts';

/** `npm run bench:kills` asks for 500. */
const KILLS = Number(process.env['KILLS'] ?? 30);
const EXPERIMENTS = 8;

/** Where in an experiment a kill fell, as far as the write-ahead file tells. */
function momentOf(states: readonly InFlight[]): string {
  const last = states.at(-1);
  if (last === undefined) return 'between experiments, or in the start';
  if (last.state === 'proposed') return 'proposed, no commit';
  return last.trials.length === 0 ? 'committed, in the trial' : 'measured, not settled';
}

it.each([1, 4])(
  `nothing is lost, repeated or left behind by ${KILLS} kills with %i slots`,
  async (slots) => {
    const calls = join(makeFolder(), 'calls');
    const repo = makeProject({
      agent: { use: './lab.mjs#quick', with: { calls } },
      trainer: { use: 'command', with: { run: ['sh', '-c', 'sleep 0.02; echo "loss: $(cat value.txt)"'] }, timeout: '20s' },
      budget: { experiments: EXPERIMENTS },
      slots: { count: slots },
    });
    repo.write('value.txt', 'mine\n');
    repo.write('draft.md', 'mine\n');
    const before = snapshot(repo.dir);
    const began = performance.now();
    // One kill in four falls into the start, the others between two writes of the write-ahead file, so that they hit
    // experiments however busy the machine is.
    const aim = ({ runDir, wholeMs, random, kill }: Aim) =>
      random() < 0.25
        ? after(random() * 0.5 * wholeMs, kill)
        : afterWrites(
            () => walFilesOf(runDir),
            Math.floor(random() * 20),
            () => after(random() * 10, kill),
          );
    const plan = { kills: KILLS, seed: 20260501, calls, aim, momentOf: (runDir: string) => momentOf(leftInFlight(runDir)) };
    const { runs, kills, durable, problems, moments } = await killRuns(repo, plan);
    expect(problems).toEqual([]);
    expect(kills).toBe(KILLS);
    expect(runs.length).toBeGreaterThan(1);
    expect(durable.size).toBeGreaterThan(5);

    for (const name of runs) {
      const experiments = await experimentsOf(repo.dir, name);
      expect(experiments.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(Array.from({ length: EXPERIMENTS + 1 }, (_, id) => id));
      for (const { id, candidate, measured, verdict } of experiments) {
        const written = durable.get(`${name} ${id}`);
        if (typeof written === 'string') expect([id, measured ?? candidate]).toEqual([id, written]);
        // Every fourth proposal leaves its scope, and no kill may bring one past the gate.
        if (id % 4 === 2) expect([id, verdict]).toEqual([id, 'discard']);
        // One at a time, every other one is better than the one before, but for every third.
        else if (id > 0 && slots === 1) expect([id, verdict === 'discard']).toEqual([id, id % 3 === 0]);
      }
      const last = experiments.findLast(({ verdict }) => verdict === 'keep');
      expect(repo.git('rev-parse', `autoresearch/${name}`).trim()).toBe(last?.candidate);
      expect(await problemsOf(repo.dir, name)).toEqual([]);
      expect(readdirSync(runDirOf(repo, name)).filter((file) => file.startsWith('lock'))).toEqual([]);
      expect(walFilesOf(runDirOf(repo, name))).toEqual([]);
    }
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(await leftovers(repo.dir)).toEqual([]);
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    const experiments = runs.length * (EXPERIMENTS + 1);
    if (process.env['KILLS'] !== undefined) {
      console.log(
        `${kills} kills in ${minutes} min, at ${JSON.stringify(moments)}: ${experiments} experiments of ${runs.length} runs, each there once`,
      );
    }
  },
  7_200_000,
);
