import { posix } from 'node:path';
import type { Config } from '../config/types.ts';
import { isText } from '../git/path-bytes.ts';
import type { HandedData } from '../data/hand-over.ts';
import { listTree, type Repository } from '../git/repository.ts';
import type { Worktree } from '../git/worktree.ts';
import { createPathRule } from '../scope.ts';
import { protectiveMountsForAgents, protectiveMounts, type ProtectiveMount } from './protective-mounts.ts';
import { createFolderRule } from './folder-rule.ts';
import { hiddenPaths } from './stage-links.ts';

/** A worktree in which agents and trainers run, and what is around it. Paths are absolute, but those of `protections` and `agentProtections`. */
export interface SandboxedWorktree {
  readonly worktree: Pick<Worktree, 'dir' | 'cwd' | 'linked' | 'showsHoldout'>;
  readonly repository: Pick<Repository, 'top' | 'projectDir' | 'commonDir' | 'stateDir'>;
  /** Where agents may keep files of their own. */
  readonly scratchDir: string;
  /** For what runs a candidate's code, and for agents. */
  readonly protections: readonly ProtectiveMount[];
  readonly agentProtections: readonly ProtectiveMount[];
  /** Paths that are hidden from every process here. */
  readonly hidden: readonly string[];
  /** Does the evaluator run here? */
  readonly isEvaluator: boolean;
  /** The cores that trials here may use, as `taskset -c` takes them; absent where all may be used. */
  readonly cores?: string;
  /** Folders with the rows of the config's data: for whatever runs here, and for the trials of audits besides. */
  readonly rows: { readonly always: readonly string[]; readonly inAudits: readonly string[] };
}

interface SandboxedWorktreeInput {
  readonly config: Config;
  readonly repository: Repository;
  readonly worktree: Worktree;
  readonly base: string;
  readonly scratchDir: string;
  readonly data: HandedData | null;
  readonly cores?: string;
}

/** The protected files are the same for the whole run, because a candidate that changes one is discarded. */
export async function sandboxedWorktree({
  config,
  repository,
  worktree,
  base,
  scratchDir,
  data,
  cores,
}: SandboxedWorktreeInput): Promise<SandboxedWorktree> {
  const { workspace, scope, trainer } = config;
  const outputs = [...workspace.outputs, ...(trainer.evaluate?.outputs ?? [])];
  const rules = rulesOf({ scope, outputs, prefix: repository.prefix });
  // A name that is not UTF-8 cannot be given to bwrap: the mount of its folder protects it, else seals find a change.
  const entries = (await listTree(repository, base)).filter(({ path }) => isText(path));
  return {
    worktree,
    repository,
    scratchDir,
    protections: protectiveMounts(entries, rules),
    agentProtections: protectiveMountsForAgents(entries, rules),
    hidden: hiddenPaths(config, repository.projectDir),
    isEvaluator: false,
    ...(cores !== undefined && { cores }),
    rows: trainer.evaluate === undefined ? rowsOf(data) : { always: data === null ? [] : [data.open], inAudits: [] },
  };
}

/** Where the evaluator runs: everything in it is the engine's own, so only what was handed over is read-only. */
export function evaluatorWorktree({ config, data, ...around }: Omit<SandboxedWorktreeInput, 'base'>): SandboxedWorktree {
  const { repository } = around;
  const outputs = config.trainer.evaluate?.outputs ?? [];
  const protections = outputs.map((path): ProtectiveMount => ({ access: 'read-only', path: posix.join(repository.prefix, path) }));
  return { ...around, protections, agentProtections: [], hidden: [], isEvaluator: true, rows: rowsOf(data) };
}

function rowsOf(data: HandedData | null): SandboxedWorktree['rows'] {
  return data === null ? { always: [], inAudits: [] } : { always: [data.open, data.loop], inAudits: [data.holdout] };
}

interface Inside {
  readonly scope: Config['scope'];
  readonly outputs: readonly string[];
  readonly prefix: string;
}

function rulesOf({ scope, outputs, prefix }: Inside): Parameters<typeof protectiveMounts>[1] {
  const written = outputs.map((path) => posix.normalize(path).replace(/\/$/, ''));
  const mayEdit = createPathRule(scope);
  const mayHold = createFolderRule([...scope.edit, ...written.flatMap((path) => [path, `${path}/**`])]);
  const isOutput = (path: string) => written.some((output) => path === output || path.startsWith(`${output}/`));
  const toProject = (path: string) => posix.relative(prefix, path);
  return {
    mayEdit: (path) => mayEdit(toProject(path)) || isOutput(toProject(path)),
    isWrittenIn: (folder) => written.some((output) => posix.dirname(posix.join(prefix, output)) === (folder || '.')),
    isOpen: (folder) => `${prefix}`.startsWith(`${folder}/`) || (`${folder}/`.startsWith(prefix) && mayHold(toProject(folder))),
  };
}
