import type { SettledExperiment } from '../experiment.ts';
import type { Git } from './git.ts';

/** The changes of experiments as `git diff` prints them, by id, with one git process for all. */
export async function readDiffs(
  git: Git,
  experiments: readonly Pick<SettledExperiment, 'id' | 'parent' | 'candidate'>[],
): Promise<Map<number, string>> {
  const changed = experiments.filter(({ candidate, parent }) => candidate !== null && candidate !== parent);
  if (changed.length === 0) return new Map();
  const input = changed.map(({ candidate, parent }) => `${candidate} ${parent}\n`).join('');
  const out = await git.run(
    ['diff-tree', '-r', '-p', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--full-index', '--stdin'],
    { input },
  );
  const texts = new Map<string, string>();
  // Each diff follows a line with nothing but its commit id, which cannot occur within a diff.
  const parts = out.split(/^([0-9a-f]{40,64})\n/m);
  for (let at = 1; at < parts.length; at += 2) texts.set(parts[at] ?? '', parts[at + 1] ?? '');
  return new Map(changed.map(({ id, candidate }) => [id, texts.get(candidate ?? '') ?? '']));
}

/** Enough to name a change by. */
const MOST_UNCOMMITTED = 256 * 1024;

/** What has changed of the files that a commit has, without lines around it; only its start, where it is large. */
export async function readUncommitted(git: Git, parent: string): Promise<string> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules'];
  return (await git.run(['diff', '-U0', ...plain, parent])).slice(0, MOST_UNCOMMITTED);
}
