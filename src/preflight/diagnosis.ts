/** Why a trial of the unchanged project failed, where the reason is that a file is in the person's folder only. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Config } from '../config/types.ts';
import type { Repository } from '../git/repository.ts';
import { absenceOf, readWorktreeFiles, remedyFor, type WorktreeFiles } from './worktree-files.ts';

interface Input {
  readonly repository: Repository;
  readonly base: string;
  readonly config: Config;
  /** What the trial printed, and the reason that was found in it. */
  readonly output: string;
}

/** One sentence that names the file and ends with the line to write; null where nothing is missing. */
export async function diagnose({ repository, base, config, output }: Input): Promise<string | null> {
  const files = await readWorktreeFiles(repository, base, config);
  const path = pathsIn(output, repository).find((each) => 'entry' in files.originOf(each));
  if (path === undefined) return ofModules(output, repository, files, config);
  const origin = files.originOf(path);
  return 'entry' in origin ? sentence(path, origin, config) : null;
}

function sentence(path: string, origin: Parameters<typeof absenceOf>[1], config: Config): string {
  return `It needs ${absenceOf(path, origin)}. Mend it with: ${remedyFor(origin, config)}`;
}

/** Everything in the output that may be a path of the project, as one relative to it; the last printed first. */
function pathsIn(output: string, { projectDir, stateDir }: Repository): string[] {
  const words = output.slice(-64 * 1024).match(/[\w.~@+/-]+/g) ?? [];
  const inWorktree = /^.*?\/worktrees\/[^/]+\//;
  const paths = words.toReversed().flatMap((word) => {
    const bare = word.replace(/[.:]+$/, '');
    if (bare.startsWith(stateDir)) return [bare.replace(inWorktree, '')];
    if (isAbsolute(bare)) return bare.startsWith(`${projectDir}/`) ? [relative(projectDir, bare)] : [];
    return /[/.]/.test(bare) ? [bare] : [];
  });
  return [...new Set(paths)].filter((path) => path !== '' && !path.startsWith('..') && existsSync(join(projectDir, path)));
}

/** `No module named x`: the module is not committed, or it is in an environment that the trainer does not use. */
function ofModules(output: string, { projectDir }: Repository, files: WorktreeFiles, config: Config): string | null {
  const module = /No module named '([\w.]+)'/.exec(output)?.[1]?.split('.')[0];
  if (module === undefined) return null;
  const own = [`${module}.py`, module].find((path) => 'entry' in files.originOf(path));
  const origin = own === undefined ? null : files.originOf(own);
  if (own !== undefined && origin && 'entry' in origin) return sentence(own, origin, config);
  const environment = ['.venv', 'venv', 'env'].find((folder) => existsSync(join(projectDir, folder, 'bin/python')));
  if (environment === undefined) return null;
  const links = config.workspace.link.includes(environment)
    ? ''
    : ` and workspace: { link: [${[...config.workspace.link, environment].join(', ')}] }`;
  return `The project has a virtual environment in ${environment}, which the trainer does not use: run: [${environment}/bin/python, …]${links}`;
}
