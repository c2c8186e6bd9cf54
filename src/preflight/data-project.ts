import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isIn, sealedData, splitOf } from '../config/splits.ts';
import type { Config } from '../config/types.ts';
import type { DataProject } from '../data/read-data.ts';
import { readCommitted, type Repository } from '../git/repository.ts';

type DataConfig = Pick<Config, 'data' | 'workspace' | 'trainer'>;

/** What some stage of a trial has besides the commit. */
export function linkedPaths(config: DataConfig): string[] {
  const { workspace, trainer } = config;
  const { inputs = [], data = [], holdout = {} } = trainer.evaluate ?? {};
  const sealed = sealedData(config).map(({ path }) => path);
  return [...workspace.link, ...workspace.holdout, ...inputs, ...data, ...Object.values(holdout), ...sealed];
}

/** Reads the files in the person's folder, where `check` finds out whether they are what was committed. */
export function dataProject(config: DataConfig, repository: Repository, base: string): DataProject {
  const linked = linkedPaths(config);
  return {
    splitOf: (file) => splitOf(file, config),
    isLinked: (path) => linked.some((outer) => isIn(path, outer)),
    read: (path) => readFile(join(repository.projectDir, path), 'utf8').catch(() => null),
    readCommitted: (path) => readCommitted(repository, base, path),
  };
}
