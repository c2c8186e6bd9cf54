import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { sealedData } from '../config/splits.ts';
import type { Config, EvaluateUse } from '../config/types.ts';
import type { Repository } from '../git/repository.ts';
import type { Preflight } from '../plugin.ts';
import { findProgram } from '../sandbox/probe.ts';
import { heldOutOf } from '../sandbox/stage-links.ts';
import { createPathRule } from '../scope.ts';

/** Whether `trainer.evaluate` can do what it promises; `files` are those of the commit the run starts from. */
export function checkEvaluation(config: Config, { projectDir }: Repository, files: readonly string[], preflight: Preflight): void {
  const use = config.trainer.evaluate;
  const isCommitted = (path: string) => files.some((file) => file === bare(path) || file.startsWith(`${bare(path)}/`));
  const sealed = sealedData(config);
  for (const [index, file] of config.data.entries()) {
    if (!sealed.includes(file) || !isCommitted(file.path)) continue;
    preflight.problem(
      'PREFLIGHT_FAILED',
      `data[${index}]: ${file.path} is in git, where agents and candidates can read it`,
      `add it to .gitignore and take it out of git: git rm --cached ${file.path}${use === undefined ? '' : '; or let them see it: split: open'}`,
    );
  }
  if (use === undefined) return;
  checkProgram(config, use, files, preflight);
  for (const [key, paths] of [
    ['data', use.data],
    ['outputs', use.outputs],
    ['holdout', Object.values(use.holdout)],
  ] as const) {
    for (const path of paths.filter(isCommitted)) {
      const why = key === 'outputs' ? 'the trainer is to write it' : 'agents can read it there';
      preflight.problem(
        'PREFLIGHT_FAILED',
        `trainer.evaluate.${key}: ${path} is in git, and ${why}`,
        `add it to .gitignore and take it out of git: git rm --cached -r ${path}`,
      );
    }
  }
  if (config.prepare !== undefined) return;
  for (const { path, at } of evaluationLinks(use)) {
    if (isCommitted(path) || existsSync(join(projectDir, path))) continue;
    preflight.problem('LINK_MISSING', `${at}: there is no ${path}`, 'make it first, or take it out of the config');
  }
  checkKinds(use, projectDir, preflight);
}

/** What has to be there for an evaluation, each with its place in the config. */
export function evaluationLinks(use: EvaluateUse | undefined): { path: string; at: string }[] {
  if (use === undefined) return [];
  const { inputs, data, holdout } = use;
  const map = holdoutOf(holdout);
  const own = (['inputs', 'data'] as const).flatMap((key) =>
    use[key].map((path, index) => ({ path, at: `trainer.evaluate.${key}[${index}]` })),
  );
  const heldOut = [...inputs, ...data].flatMap((path) => {
    const source = heldOutOf(bare(path), map);
    return source === null ? [] : [{ path: source, at: 'trainer.evaluate.holdout' }];
  });
  return [...own, ...heldOut];
}

function checkProgram(config: Config, { run, predict }: EvaluateUse, files: readonly string[], preflight: Preflight): void {
  for (const [at, argv] of [
    ['trainer.evaluate.run', run],
    ['trainer.evaluate.predict.run', predict?.run],
  ] as const) {
    const program = argv?.[0];
    if (program === undefined || program.includes('/') || findProgram(program) !== null) continue;
    preflight.problem('COMMAND_NOT_FOUND', `${at}: there is no program "${program}" on the PATH`, `install ${program}, or change ${at}`);
  }
  const mayEdit = createPathRule(config.scope);
  const editable = run.find((word) => files.includes(bare(word)) && mayEdit(bare(word)));
  if (editable === undefined) return;
  preflight.problem(
    'PREFLIGHT_FAILED',
    `trainer.evaluate.run: agents may edit ${editable}, so it is not in the evaluator's folder`,
    'take it out of scope.edit, or list it under scope.protect',
  );
}

function checkKinds({ inputs, data, holdout }: EvaluateUse, projectDir: string, preflight: Preflight): void {
  const isFolder = (path: string) => statSync(join(projectDir, path), { throwIfNoEntry: false })?.isDirectory();
  for (const path of [...inputs, ...data]) {
    const source = heldOutOf(bare(path), holdoutOf(holdout));
    if (source === null) continue;
    const [own, other] = [isFolder(path), isFolder(source)];
    if (own === undefined || other === undefined || own === other) continue;
    preflight.problem(
      'PREFLIGHT_FAILED',
      `trainer.evaluate.holdout: ${path} is a ${own ? 'folder' : 'file'}, and ${source} a ${other ? 'folder' : 'file'}`,
      'an audit must find the same things under the same names',
    );
  }
}

function holdoutOf(holdout: EvaluateUse['holdout']): [string, string][] {
  return Object.entries(holdout).map(([from, to]) => [bare(from), bare(to)]);
}

function bare(path: string): string {
  return posix.normalize(path).replace(/\/+$/, '');
}
