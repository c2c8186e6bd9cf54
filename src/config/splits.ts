/** Who sees which rows of the config's data. */
import { posix } from 'node:path';
import type { Config, DataFile, Split } from './types.ts';

type SplitConfig = Pick<Config, 'data' | 'workspace' | 'trainer'>;

/** What an entry says, else what its place says: held out are the files of `workspace.holdout` and `trainer.evaluate.holdout`. */
export function splitOf({ path, split }: DataFile, { workspace, trainer }: Pick<Config, 'workspace' | 'trainer'>): Split {
  if (split !== undefined) return split;
  const { inputs = [], holdout = {} } = trainer.evaluate ?? {};
  if ([...workspace.holdout, ...Object.values(holdout)].some((outer) => isIn(path, outer))) return 'holdout';
  return inputs.some((outer) => isIn(path, outer)) ? 'open' : 'loop';
}

/** Files that neither agents nor candidates may see: held-out rows, and where an evaluator measures, those of the loop. */
export function sealedData(config: SplitConfig): DataFile[] {
  return config.data.filter((file) => {
    const split = splitOf(file, config);
    return split === 'holdout' || (split === 'loop' && config.trainer.evaluate !== undefined);
  });
}

/** Is there something that audits alone are to see? */
export function hasHoldout(config: SplitConfig): boolean {
  const { workspace, trainer, data } = config;
  return (
    workspace.holdout.length > 0 ||
    Object.keys(trainer.evaluate?.holdout ?? {}).length > 0 ||
    data.some((file) => splitOf(file, config) === 'holdout')
  );
}

export function isIn(path: string, outer: string): boolean {
  const [inner, folder] = [posix.normalize(path), posix.normalize(outer).replace(/\/$/, '')];
  return inner === folder || inner.startsWith(`${folder}/`);
}
