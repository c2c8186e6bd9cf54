import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, resolveRecorded, type LoadedConfig } from '../../config/load-config.ts';
import { openRepository, resolveCommit, type Repository } from '../../git/repository.ts';
import { findRun, listRuns } from '../../ledger/find-run.ts';
import { budgetInForce, readRecentLog, readRun, type RunRecord } from '../../ledger/read.ts';
import type { Log } from '../../plugin.ts';
import { assemble, withoutReporters } from './assemble.ts';
import { briefOf } from '../propose/brief.ts';
import { worktreeEnvironment } from '../measure/environment.ts';
import { disposeAll } from './instances.ts';
import { firstSlot } from '../slots/names.ts';
import { scratchDirOf, worktreeDirOf } from '../slots/run-paths.ts';
import { Hints } from '../propose/hints.ts';
import { chooseRunName } from '../../model/run-name.ts';
import { RULES } from '../../model/rules.ts';
import { runDirOf } from './lock-run.ts';
import { stateOf } from './run.ts';
import { foldLedger } from './run-state-from.ts';
import { tipOf } from '../decide/settle.ts';

export interface PromptPreview {
  readonly agent: string;
  /** Null for an agent that sends nothing to a model. */
  readonly text: string | null;
}

/** What each agent of the chain would be sent for the next experiment, to the letter; nothing is written or started. */
export async function previewPrompt(cwd: string, name: string | undefined, log: Log): Promise<PromptPreview[]> {
  const here = await openRepository(cwd);
  const isNew = name === undefined && (await listRuns(here.git)).length === 0;
  const record = isNew ? null : await readRun(here.git, await findRun(here.git, name));
  const loaded = record ? await recorded(here, record) : await loadConfig({ cwd });
  const repository = await openRepository(loaded.projectDir);
  const { signal } = new AbortController();
  const { config } = loaded;
  const assembly = await assemble(config, withoutReporters(loaded.uses), { projectDir: repository.projectDir, log, signal });
  try {
    const run = record?.run ?? chooseRunName(undefined, []);
    const state = stateOf(run, config, assembly, record?.opening ?? { rules: RULES });
    if (record) await foldLedger(state, here.git, record);
    const runDir = runDirOf(repository, run);
    const slot = firstSlot(config.slots);
    const dir = worktreeDirOf(runDir, slot);
    const base = record?.opening.base ?? (await resolveCommit(repository));
    const engine = {
      config,
      state,
      hints: new Hints(runDir),
      scope: config.scope,
      signal,
      readProgram: () => (config.program === undefined ? '' : readFileSync(join(repository.projectDir, config.program), 'utf8')),
      readLog: (id: number) => readRecentLog(here.git, run, id),
    };
    const desk = {
      worktree: { cwd: join(dir, repository.prefix) },
      env: worktreeEnvironment(config.workspace.env, dir),
      scratchDir: scratchDirOf(runDir, slot),
    };
    const agents = assembly.instances.filter((instance) => instance.kind === 'agent');
    const previews: PromptPreview[] = [];
    for (const { label, role } of agents) {
      const brief = briefOf(engine, desk, Math.max(1, state.nextId), tipOf({ state, base }));
      previews.push({ agent: label, text: role.prompt ? await role.prompt(brief) : null });
    }
    return previews;
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}

async function recorded(
  { top }: Repository,
  { opening, sessions }: RunRecord,
): Promise<Pick<LoadedConfig, 'config' | 'uses' | 'projectDir'>> {
  const projectDir = join(top, opening.projectPrefix);
  return { ...(await resolveRecorded({ ...opening.config, budget: budgetInForce(sessions) }, projectDir)), projectDir };
}
