/** What the suites of trainers on other machines share. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { configOf, experimentsOf, problemsOf, projectFiles, run, set, stepsAgent, verdicts } from './project.ts';
import { makeRepo } from './repo.ts';
import { runCli } from './run-cli.ts';

/** The `trainer` of a config. */
export interface TrainerConfig {
  readonly use: string;
  readonly with: Readonly<Record<string, unknown>>;
  readonly timeout: string;
}

/** The keys of the jobs that worker.sh keeps in a folder. */
export function jobsIn(folder: string): string[] {
  const jobs = join(folder, 'jobs');
  return existsSync(jobs) ? readdirSync(jobs) : [];
}

/**
 * Runs a gain, a loss and a crash with this trainer and on this machine: the same must come of both, but for the hardware.
 * `files` are of the first run only.
 */
export async function expectSameAsHere(trainer: TrainerConfig, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const steps = [set(0.5), set(2), { bash: 'echo "exit 3" > value.txt; echo fail > train-me' }];
  const repo = makeRepo(projectFiles(configOf({ agent: stepsAgent(steps), trainer }), files));
  const here = makeRepo(projectFiles(configOf({ agent: stepsAgent(steps) })));
  await run(repo.dir);
  await run(here.dir);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(verdicts(await experimentsOf(repo.dir))).toEqual(verdicts(await experimentsOf(here.dir)));
  const [first] = await experimentsOf(repo.dir);
  expect(first?.trials[0]).toMatchObject({ exit: 'completed', metrics: { loss: 1 }, hardware: expect.stringMatching(/./) });
}

/** What `check` says of a project with this trainer. */
export async function checkTrainer(trainer: TrainerConfig): Promise<{ readonly code: number | null; readonly text: string }> {
  const repo = makeRepo(projectFiles(configOf({ trainer })));
  const { code, stdout, stderr } = await runCli(['check'], { cwd: repo.dir });
  return { code, text: stdout + stderr };
}

/** The cases of `testPlugin` for a trainer that runs the program in its option `run`. */
export function casesOf<T extends object>(optionsFor: (...argv: string[]) => T) {
  return {
    hang: { options: optionsFor('sleep', '600') },
    fail: { options: optionsFor('false') },
    print: { options: optionsFor('echo', 'loss: 1'), line: 'loss: 1' },
  };
}
