import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { InFlight } from '../../src/ledger/wal.ts';
import { after, afterWrites, leftInFlight, randomFrom, walFilesOf } from '../helpers/kills.ts';
import { leftovers } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf } from '../helpers/project.ts';
import { makeFolder, snapshot, type TestRepo } from '../helpers/repo.ts';
import { startCli } from '../helpers/run-cli.ts';

/** `npm run bench:kills` asks for 500. */
const KILLS = Number(process.env['KILLS'] ?? 30);
const EXPERIMENTS = 8;

const has = ({ git }: TestRepo, name: string) => git('for-each-ref', `refs/autoresearch/${name}/ledger`) !== '';

const runDirOf = (repo: TestRepo, name: string) => join(repo.dir, '.autoresearch', name);

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
    const random = randomFrom(20260501);
    const callsSoFar = () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);

    const runs: string[] = [];
    const durable = new Map<string, string | null>();
    const problems: string[] = [];
    const found: Record<string, number> = {};
    const began = performance.now();
    let kills = 0;
    let wholeMs = 0;
    for (let isOver = true; kills < KILLS || !isOver;) {
      if (isOver) runs.push(`run${runs.length}`);
      const name = runs.at(-1) ?? '';
      const callsBefore = callsSoFar().length;
      const started = performance.now();
      const cli = startCli(has(repo, name) ? ['resume', name] : ['run', '--name', name], { cwd: repo.dir });
      const kill = () => cli.child.kill('SIGKILL');
      // The first run tells how long a start takes here. One kill in four falls into the start, the others between two
      // writes of the write-ahead file, so that they hit experiments however busy the machine is.
      const stopKilling =
        kills >= KILLS || wholeMs === 0
          ? () => {}
          : random() < 0.25
            ? after(random() * 0.5 * wholeMs, kill)
            : afterWrites(
                () => walFilesOf(runDirOf(repo, name)),
                Math.floor(random() * 20),
                () => after(random() * 10, kill),
              );
      const { code, signal, stderr } = await cli.ended;
      stopKilling();
      const again = callsSoFar()
        .slice(callsBefore)
        .filter((line) => line.startsWith('asked') && durable.has(line.slice(6)));
      problems.push(...again.map((line) => `${line} although it was written down`));
      // Git ends by itself what it has begun, so the run may be there a moment after its kill.
      isOver = signal === null && !stderr.includes('RUN_EXISTS');
      wholeMs ||= performance.now() - started;
      if (isOver && code !== 0) problems.push(`${name} ended with ${code}: ${stderr}`);
      if (signal !== null) {
        kills++;
        const moment = momentOf(leftInFlight(runDirOf(repo, name)));
        found[moment] = (found[moment] ?? 0) + 1;
      }
      for (const experiment of isOver ? [] : leftInFlight(runDirOf(repo, name))) {
        durable.set(`${name} ${experiment.id}`, experiment.state === 'committed' ? experiment.candidate : null);
      }
      if (problems.length > 0) break;
    }
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
      expect(readdirSync(join(repo.dir, '.autoresearch', name)).filter((file) => file.startsWith('lock'))).toEqual([]);
      expect(walFilesOf(runDirOf(repo, name))).toEqual([]);
    }
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(await leftovers(repo.dir)).toEqual([]);
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    const experiments = runs.length * (EXPERIMENTS + 1);
    if (process.env['KILLS'] !== undefined) {
      console.log(
        `${kills} kills in ${minutes} min, at ${JSON.stringify(found)}: ${experiments} experiments of ${runs.length} runs, each there once`,
      );
    }
  },
  7_200_000,
);
