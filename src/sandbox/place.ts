import { join, posix } from 'node:path';
import type { Config } from '../config/types.ts';
import { isText } from '../git/path-bytes.ts';
import { listTree, type Repository } from '../git/repository.ts';
import type { Worktree } from '../git/worktree.ts';
import { createPathRule } from '../scope.ts';
import { coverProtected, type Cover } from './cover.ts';
import { createFolderRule } from './folder-rule.ts';

/** A worktree in which agents and trainers run, and what is around it. Paths are absolute, but those of covers. */
export interface Place {
  readonly worktree: Pick<Worktree, 'dir' | 'showsHoldout'>;
  readonly repository: Pick<Repository, 'top' | 'projectDir' | 'commonDir' | 'stateDir'>;
  /** Where agents may keep files of their own. */
  readonly scratchDir: string;
  readonly covers: readonly Cover[];
  readonly links: readonly string[];
  readonly holdout: readonly string[];
  /** Folders with the rows of the config's data. */
  readonly data: { readonly loop: string; readonly holdout: string } | null;
}

/** What is protected is the same for the whole run: a candidate that changes any of it is not let through. */
export async function placeOf(
  config: Config,
  repository: Repository,
  worktree: Worktree,
  base: string,
  scratchDir: string,
): Promise<Omit<Place, 'data'>> {
  const { workspace, scope } = config;
  const inProject = (path: string) => join(repository.projectDir, path);
  return {
    worktree,
    repository,
    scratchDir,
    // A name that is not UTF-8 cannot be given to a program; what is covered around it covers it too, else seals watch it.
    covers: coverProtected(await listNamed(repository, base), rulesOf({ scope, outputs: workspace.outputs, prefix: repository.prefix })),
    links: workspace.link.map(inProject),
    holdout: workspace.holdout.map(inProject),
  };
}

async function listNamed(repository: Repository, base: string): ReturnType<typeof listTree> {
  return (await listTree(repository, base)).filter(({ path }) => isText(path));
}

interface Inside {
  readonly scope: Config['scope'];
  readonly outputs: readonly string[];
  readonly prefix: string;
}

function rulesOf({ scope, outputs, prefix }: Inside): Parameters<typeof coverProtected>[1] {
  const written = outputs.map((path) => posix.normalize(path).replace(/\/$/, ''));
  const mayEdit = createPathRule(scope);
  const mayHold = createFolderRule([...scope.edit, ...written.flatMap((path) => [path, `${path}/**`])]);
  const isOutput = (path: string) => written.some((output) => path === output || path.startsWith(`${output}/`));
  const toProject = (path: string) => posix.relative(prefix, path);
  return {
    mayEdit: (path) => mayEdit(toProject(path)) || isOutput(toProject(path)),
    isOpen: (folder) => `${prefix}`.startsWith(`${folder}/`) || (`${folder}/`.startsWith(prefix) && mayHold(toProject(folder))),
  };
}
