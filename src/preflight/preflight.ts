import { existsSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import type { Config } from '../config/types.ts';
import { checkData } from '../data/check-data.ts';
import type { ReadData } from '../data/read-data.ts';
import { AutoresearchError, AutoresearchErrors, ERROR_CODES, type ErrorCode } from '../errors.ts';
import { listFiles, readCommitted, type Repository } from '../git/repository.ts';
import type { HookTable } from '../hooks.ts';
import { PASSED } from '../passed-variables.ts';
import type { Preflight } from '../plugin.ts';
import { isWithin } from '../sandbox/tool-folders.ts';
import { resolvePath } from '../sandbox/paths.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createPathRule } from '../scope.ts';
import { changedFilesWarning } from './changed-files.ts';
import { namedFilesWarnings } from './named-files.ts';
import { namedHomeWarnings } from './named-home.ts';
import { namedVariablesWarnings } from './named-variables.ts';
import { dataProject } from './data-project.ts';
import { checkEvaluation } from './evaluate-preflight.ts';
import { createRequireFile } from './require-file.ts';
import { readWorktreeFiles } from './worktree-files.ts';

interface PreflightInput {
  readonly config: Config;
  readonly repository: Repository;
  /** The commit the run starts from. */
  readonly base: string;
  readonly hooks: HookTable;
  readonly sandbox: Sandbox;
}

export interface Findings {
  /** The user's data, as it was read. */
  readonly data: readonly ReadData[];
  /** Warnings, which do not stop a run from starting. */
  readonly warnings: readonly string[];
}

/** Finds, in one pass, everything that would make a run fail. */
export async function runPreflight({ config, repository, base, hooks, sandbox }: PreflightInput): Promise<Findings> {
  const problems: AutoresearchError[] = sandbox.problem ? [sandbox.problem] : [];
  const warnings: string[] = [];
  const files = await listFiles(repository, base);
  const inWorktree = await readWorktreeFiles(repository, base, config);
  const report: Pick<Preflight, 'problem' | 'warning'> = {
    problem: (code, message, hint) => void problems.push(problemOf(code, message, hint)),
    warning: (message) => void warnings.push(message),
  };
  const preflight: Preflight = {
    projectDir: repository.projectDir,
    metrics: Object.keys(config.metrics),
    editable: filesInScope(config, files),
    readCommitted: (path) => readCommitted(repository, base, path),
    requireFile: createRequireFile(inWorktree, config, report),
    ...report,
  };
  checkScope(config, repository, files, preflight);
  checkLinks(config, repository, files, preflight);
  checkEvaluation(config, repository, files, preflight);
  checkWritable(config, repository, preflight);
  if (config.program !== undefined && !existsSync(join(repository.projectDir, config.program))) {
    preflight.problem(
      'PROGRAM_MISSING',
      `program: there is no file ${config.program}`,
      'write the direction for the agent there, in a few sentences',
    );
  }
  await hooks.verify.promise(preflight);
  const { problems: dataProblems, data } = await checkData(config.data, dataProject(config, repository, base));
  problems.push(...dataProblems);
  if (problems.length > 0) throw new AutoresearchErrors(problems);
  const set = { repository, base, passed: new Set([...PASSED, ...config.workspace.env]), env: process.env };
  const open = [...config.workspace.readable, ...config.workspace.writable];
  const found = await Promise.all([
    namedFilesWarnings(repository, base, inWorktree, config),
    namedVariablesWarnings(set),
    // What `prepare` fetches is there before a trial, and code for it is in the same files.
    sandbox.layer === 'bwrap' && config.prepare === undefined ? namedHomeWarnings(repository, base, open) : Promise.resolve([]),
  ]);
  return { data, warnings: [...warnings, ...changedFilesWarning(inWorktree.workingCopy, config), ...found.flat()] };
}

export function filesInScope({ scope }: Config, files: readonly string[]): string[] {
  return files.filter(createPathRule(scope));
}

function checkScope({ scope }: Config, { projectDir }: Repository, files: readonly string[], preflight: Preflight): void {
  for (const [index, glob] of scope.edit.entries()) {
    const isMatch = picomatch(glob, { dot: true });
    if (files.some((file) => isMatch(file))) continue;
    if (existsSync(join(projectDir, glob))) {
      preflight.problem(
        'EDIT_FILE_NOT_COMMITTED',
        `scope.edit[${index}]: ${glob} is in the folder but not in the commit the run starts from`,
        `git add ${glob} && git commit`,
      );
    } else {
      preflight.problem(
        'EDIT_FILE_MISSING',
        `scope.edit[${index}]: no file matches ${glob}`,
        'paths are relative to the project folder; see `root` in docs/config.md',
      );
    }
  }
}

function checkWritable({ workspace }: Config, { top, commonDir, projectDir }: Repository, preflight: Preflight): void {
  for (const [index, path] of workspace.writable.entries()) {
    const held = [projectDir, top, commonDir].find((own) => isWithin(own, resolvePath(path, projectDir)));
    if (held === undefined) continue;
    preflight.problem(
      'PREFLIGHT_FAILED',
      `workspace.writable[${index}]: ${path} holds ${held}, which experiments must not write to`,
      'name the folder that has to be written, such as a cache',
    );
  }
}

/** What is linked into worktrees, each with its place in the config. */
export function linksOf({ workspace }: Config): { path: string; at: string }[] {
  return (['link', 'holdout'] as const).flatMap((key) => workspace[key].map((path, index) => ({ path, at: `workspace.${key}[${index}]` })));
}

export function missing(at: string, path: string): string {
  return `${at}: there is no ${path} to link`;
}

function checkLinks(config: Config, { projectDir }: Repository, files: readonly string[], preflight: Preflight): void {
  const { prepare } = config;
  for (const { path, at } of linksOf(config)) {
    if (!existsSync(join(projectDir, path))) {
      if (prepare === undefined) preflight.problem('LINK_MISSING', missing(at, path), 'make it first, or take it out of the config');
    } else if (files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))) {
      preflight.problem(
        'PREFLIGHT_FAILED',
        `${at}: ${path} is in git, so every worktree has it already`,
        'add it to .gitignore and take it out of git, or take it out of the config',
      );
    }
  }
}

function problemOf(code: string, message: string, hint: string | undefined): AutoresearchError {
  if (code in ERROR_CODES) return new AutoresearchError(code as ErrorCode, message, { hint });
  return new AutoresearchError('PREFLIGHT_FAILED', `${code}: ${message}`, { hint });
}
