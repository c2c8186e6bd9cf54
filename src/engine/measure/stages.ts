import type { HandedData } from '../../data/hand-over.ts';
import { listFiles, type Repository } from '../../git/repository.ts';
import { Worktree } from '../../git/worktree.ts';
import { sandboxedWorktree } from '../../sandbox/sandboxed-worktree.ts';
import { trainerLinks } from '../../sandbox/stage-links.ts';
import type { Assembly } from '../session/assemble.ts';
import { Evaluator } from './evaluator.ts';
import { scratchDirOf } from '../slots/run-paths.ts';

/** Where trials run: the worktree of candidates, and the evaluator, if the config has one. */
export interface Stages {
  readonly worktree: Worktree;
  readonly evaluator: Evaluator | null;
}

interface StagesInput {
  readonly assembly: Pick<Assembly, 'config' | 'sandbox' | 'processes'>;
  readonly repository: Repository;
  /** The commit the run starts from. */
  readonly base: string;
  readonly runDir: string;
  readonly slot: string;
  /** Where the worktree of candidates is to be. */
  readonly dir: string;
  /** Do only agents work there? Then nothing is evaluated. */
  readonly isDesk?: boolean;
  readonly data: HandedData | null;
  readonly cores?: string | undefined;
  readonly warn: (message: string) => void;
}

/** Makes the worktrees, and has the sandbox keep in what runs there. */
export async function openStages({ dir, isDesk = false, ...input }: StagesInput): Promise<Stages> {
  const { assembly, repository, base, runDir, slot, data, cores, warn } = input;
  const { config, sandbox } = assembly;
  const links = trainerLinks({ config, projectDir: repository.projectDir, files: await listFiles(repository, base) });
  const outputs = [...config.workspace.outputs, ...(config.trainer.evaluate?.outputs ?? [])];
  const worktree = await Worktree.open(repository, dir, base, { ...links, outputs, isMounted: sandbox.layer === 'bwrap' }, warn);
  const scratchDir = scratchDirOf(runDir, slot);
  sandbox.enter(await sandboxedWorktree({ config, repository, worktree, base, scratchDir, data, ...(cores !== undefined && { cores }) }));
  return { worktree, evaluator: isDesk ? null : await Evaluator.open(input) };
}
