import type { Json } from '../../src/experiment.ts';
import { openRepository } from '../../src/git/repository.ts';
import { startRun } from '../../src/engine/session/run.ts';
import { readExperiments, readRun } from '../../src/ledger/read.ts';
import { verifyRun } from '../../src/ledger/verify.ts';
import { makeRepo } from '../../test/helpers/repo.ts';
import { comparable } from './comparable.ts';
import { tinyLm, trainerAt, type Place } from './project.ts';

/** What a run of tiny-lm came to. */
export interface Night {
  /** Its experiments, its audits, and the files of its branch: what must be the same wherever the trials ran. */
  readonly records: readonly unknown[];
  /** What `autoresearch verify` finds wrong with branch and ledger. */
  readonly problems: readonly string[];
  readonly experiments: number;
  readonly verdicts: Readonly<Record<string, number>>;
  /** The classes of hardware that trials ran on. */
  readonly hardware: readonly string[];
  readonly trials: number;
  /** Attempts that were lost with their machine. */
  readonly lost: number;
  readonly seconds: number;
}

/** Runs tiny-lm in a new folder, with some settings of the config in place of its own. */
export async function night(dir: string, place: Place, experiments: number, settings: Readonly<Record<string, Json>> = {}): Promise<Night> {
  const repo = makeRepo(tinyLm(), dir);
  const log = { info: () => {}, warn: () => {}, debug: () => {} };
  const began = performance.now();
  // Not in the project's config, which is a file of each commit.
  const overrides = Object.entries({ trainer: trainerAt(place), 'budget.experiments': experiments, ...settings }).map(([path, value]) => ({
    path,
    value,
  }));
  await startRun({ cwd: dir, name: 'night', log, signal: new AbortController().signal, overrides });
  const seconds = (performance.now() - began) / 1000;
  const { git } = await openRepository(dir);
  const record = await readRun(git, 'night');
  const settled = await readExperiments(git, record);
  const audits = record.sessions.filter(({ kind }) => kind === 'audit');
  const treeOf = (commit: string) => repo.git('rev-parse', `${commit}^{tree}`).trim();
  const trials = settled.flatMap((experiment) => experiment.trials);
  return {
    records: comparable([...settled, ...audits, { branch: repo.git('rev-parse', 'autoresearch/night').trim() }], treeOf),
    problems: (await verifyRun(git, 'night')).problems,
    experiments: settled.length,
    verdicts: Object.fromEntries([...Map.groupBy(settled, ({ verdict }) => verdict)].map(([verdict, of]) => [verdict, of.length])),
    hardware: [...new Set(trials.map(({ hardware }) => hardware ?? ''))],
    trials: trials.length,
    lost: trials.reduce((sum, trial) => sum + (trial.lost?.length ?? 0), 0),
    seconds,
  };
}
