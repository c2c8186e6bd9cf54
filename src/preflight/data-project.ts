import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import type { DataProject } from '../data/read-data.ts';
import { readCommitted, type Repository } from '../git/repository.ts';

type DataConfig = Pick<Config, 'workspace' | 'trainer'>;

/** What is linked into a stage of trials, and what only audits see. */
export function shownPaths({ workspace, trainer }: DataConfig): Pick<DataProject, 'link' | 'holdout'> {
  const { inputs = [], data = [], holdout = {} } = trainer.evaluate ?? {};
  return { link: [...workspace.link, ...inputs, ...data], holdout: [...workspace.holdout, ...Object.values(holdout)] };
}

/** Reads the files in the person's folder, where `check` finds out whether they are what was committed. */
export function dataProject(config: DataConfig, repository: Repository, base: string): DataProject {
  return {
    ...shownPaths(config),
    read: (path) => readFile(join(repository.projectDir, path), 'utf8').catch(() => null),
    readCommitted: (path) => readCommitted(repository, base, path),
  };
}
