import type { Config } from '../config/types.ts';
import type { WorkingCopy } from '../git/working-copy.ts';

const MOST = 5;
/** Files that are read from the user's folder, or that do not affect a trial. */
const NOT_MEASURED = /(^|\/)(autoresearch\.config\.\w+|\.gitignore)$/;

/** A run measures the commit, which a user who has just edited a file may not expect. */
export function changedFilesWarning({ changed }: WorkingCopy, { program }: Pick<Config, 'program'>): string[] {
  const files = changed.filter((path) => path !== program && !NOT_MEASURED.test(path));
  if (files.length === 0) return [];
  const shown = files.slice(0, MOST).join(', ') + (files.length > MOST ? ` and ${files.length - MOST} more` : '');
  const one = files.length === 1;
  return [
    `${shown} ${one ? 'has' : 'have'} changes that are not committed: the committed version${one ? '' : 's'} will be measured\n  git commit -a, to measure yours`,
  ];
}
