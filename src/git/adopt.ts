import type { Repository } from './repository.ts';

/**
 * A commit with the files of `measured` whose parents are the incumbent and it: the branch moves forward to exactly what was
 * measured, although that was made on an older commit. `message` is that of the measured one.
 */
export async function adopt({ git }: Repository, { tip, measured }: { readonly tip: string; readonly measured: string }): Promise<string> {
  const message = await git.run(['show', '-s', '--format=%B', measured]);
  return (await git.run(['commit-tree', `${measured}^{tree}`, '-p', tip, '-p', measured, '-F', '-'], { input: message })).trim();
}
