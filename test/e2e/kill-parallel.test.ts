import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killRuns, runDirOf, type Aim } from '../helpers/kill-runs.ts';
import { after, afterWrites, leftInFlight, walFilesOf } from '../helpers/kills.ts';
import { leftovers } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf } from '../helpers/project.ts';
import { makeFolder, snapshot } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

/** `npm run faults:kills` asks for 100. */
const KILLS = Number(process.env['KILLS'] ?? 5);
const EXPERIMENTS = 16;
const FILES = 5;

/** The sum of the parts, with a noise that follows from the seed and the files: repeated, a trial gives the same. */
const TRAIN = `sleep 0.05
  echo "loss: $(cat lib/p*.txt | awk -v seed=$AUTORESEARCH_SEED '{ sum += $1 } END { srand(seed * 7919 + int(sum * 1e6) % 104729); print sum + (rand() - 0.5) / 50 }')"`;

/** Where a kill fell, by what it has left. */
function momentOf(runDir: string, calls: readonly string[], run: string): string {
  if ((statSync(join(runDir, 'wal.jsonl'), { throwIfNoEntry: false })?.size ?? 0) > 0) return 'audit';
  const last = new Map(leftInFlight(runDir).map((state) => [state.id, state]));
  const states = [...last.values()];
  if (states.some((state) => state.state === 'committed' && state.trials.length > 0)) return 'measured, not decided';
  const answered = new Set(calls.filter((line) => line.startsWith(`answered ${run} `)).map((line) => line.split(' ')[2]));
  const asked = calls.filter((line) => line.startsWith(`asked ${run} `)).map((line) => line.split(' ')[2]);
  if (asked.some((id) => !answered.has(id))) return 'an agent at work';
  return states.length > 0 ? 'trials at work' : 'start, or between experiments';
}

it(`four slots with audits, moved changes and late gains lose nothing, repeat nothing and leave nothing behind after ${KILLS} kills`, async () => {
  const calls = join(makeFolder(), 'calls');
  const parts = Object.fromEntries(Array.from({ length: FILES }, (_, part) => [`lib/p${part}.txt`, '1\n']));
  const repo = makeProject(
    {
      slots: { count: 4 },
      lookahead: 1,
      agent: { use: './lab.mjs#parts', with: { calls, files: FILES, sleepMs: 20 } },
      trainer: { use: 'command', with: { run: ['sh', '-c', TRAIN] }, timeout: '60s' },
      gates: [{ use: 'posterior' }, { use: 'audit', with: { everyKeeps: 3, runs: 2 } }],
      noise: { sigma: 0.006, baselines: 1, controlEvery: 1000 },
      budget: { experiments: EXPERIMENTS },
    },
    parts,
  );
  repo.write('draft.md', 'mine\n');
  const before = snapshot(repo.dir);
  // One kill in eight falls into the start, the others between two writes of the engine or of an agent, so that they hit
  // experiments and audits however busy the machine is.
  const aim = ({ runDir, wholeMs, random, kill }: Aim) =>
    random() < 1 / 8
      ? after(random() * 0.3 * wholeMs, kill)
      : afterWrites(
          () => [...walFilesOf(runDir), join(runDir, 'wal.jsonl'), calls],
          Math.floor(random() * 40),
          () => after(random() * 20, kill),
        );
  const { runs, kills, durable, problems, moments } = await killRuns(repo, { kills: KILLS, seed: 20260718, calls, aim, momentOf });
  expect(problems).toEqual([]);
  expect(kills).toBe(KILLS);

  let [count, moved, late] = [0, 0, 0];
  for (const name of runs) {
    const experiments = await experimentsOf(repo.dir, name);
    count += experiments.length;
    moved += experiments.filter((experiment) => experiment.moved !== undefined && experiment.again === undefined).length;
    late += experiments.filter(({ again }) => again !== undefined).length;
    // Every number once, and no more changes than the budget has.
    expect(experiments.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(experiments.map((_, index) => index));
    expect(experiments.filter(({ kind }) => kind === 'change')).toHaveLength(EXPERIMENTS);
    expect(experiments.filter(({ kind }) => kind === 'baseline')).toHaveLength(1);
    for (const { id, candidate, measured, moved: from = [] } of experiments) {
      const written = durable.get(`${name} ${id}`);
      if (typeof written === 'string') expect([measured ?? candidate, ...from.map((each) => each.candidate)]).toContain(written);
    }
    // A change is offered again once.
    const offered = experiments.flatMap(({ again }) => again ?? []);
    expect(new Set(offered).size).toBe(offered.length);
    expect(await problemsOf(repo.dir, name)).toEqual([]);
    const verified = await runCli(['verify', name, '--recompute'], { cwd: repo.dir });
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
    expect(readdirSync(runDirOf(repo, name)).filter((file) => file.startsWith('lock'))).toEqual([]);
    expect(walFilesOf(runDirOf(repo, name))).toEqual([]);
  }
  expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  expect(
    repo
      .git('for-each-ref', '--format=%(refname)', 'refs/autoresearch')
      .split('\n')
      .filter((ref) => ref.includes('in-flight')),
  ).toEqual([]);
  expect(snapshot(repo.dir)).toEqual(before);
  expect(await leftovers(repo.dir)).toEqual([]);
  if (process.env['KILLS'] !== undefined) {
    console.log(
      `${kills} kills at ${JSON.stringify(moments)}: ${count} experiments of ${runs.length} runs, each there once; ${moved} moved before their trial, ${late} offered again`,
    );
  }
}, 7_200_000);
