import type { Config } from '../config/types.ts';
import type { Preflight } from '../plugin.ts';
import { absenceOf, remedyFor, type WorktreeFiles } from './worktree-files.ts';

type Report = Pick<Preflight, 'problem' | 'warning'>;

/** What plugins ask about files of the project: see `Preflight.requireFile`. */
export function createRequireFile(files: WorktreeFiles, config: Config, { problem, warning }: Report): Preflight['requireFile'] {
  return async (path, { at, isProgram = false }) => {
    const origin = files.originOf(path);
    if (origin.from === 'nowhere' || origin.from === 'output') return origin.from === 'output';
    if (!('entry' in origin)) {
      if (isProgram && !origin.isExecutable)
        problem(
          'NOT_EXECUTABLE',
          `${at}: ${path} is not executable${origin.from === 'commit' ? ' in the commit the run starts from' : ''}`,
          execHint(path, origin.from),
        );
      return true;
    }
    const remedy = remedyFor(origin, config);
    const text = `${at} needs ${absenceOf(path, origin)}`;
    if (isProgram) problem(origin.from === 'ignored' ? 'FILE_IGNORED' : 'FILE_NOT_COMMITTED', text, remedy);
    else warning(`${text}\n  ${remedy}`);
    return true;
  };
}

function execHint(path: string, from: 'commit' | 'link'): string {
  return from === 'link' ? `chmod +x ${path}` : `git add ${path} && git update-index --chmod=+x ${path} && git commit`;
}
