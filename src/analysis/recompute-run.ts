import { join } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { openRepository } from '../git/repository.ts';
import { readRun, readWithItems, refuseImported, type RunRecord } from '../ledger/read.ts';
import { createLog } from '../log.ts';
import { assemble } from '../engine/session/assemble.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { recompute } from './recompute.ts';
import { stateOf } from '../engine/session/run.ts';

/** Recomputes a run from its ledger alone, with the plugins its config names. */
export async function recomputeRun(cwd: string, run: string): Promise<{ readonly problems: string[]; readonly checked: number }> {
  const here = await openRepository(cwd);
  const record = await readRun(here.git, run);
  refuseImported(record, `its numbers were never judged here; have a gate judge them: autoresearch rejudge ${run} --gate posterior`);
  const projectDir = join(here.top, record.opening.projectPrefix);
  const { config, uses } = await resolveRecorded(record.opening.config, projectDir);
  const log = createLog({ debug: false });
  const { signal } = new AbortController();
  const assembly = await assemble(config, uses, { projectDir, log, signal });
  try {
    return await recompute(assembly, stateOf(run, config, assembly, record.opening), record, wholeExperiments(here.git, record));
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}

/** Every settled experiment of a run with its items, one after the other. */
export async function* wholeExperiments(git: Git, { summaries, commits }: RunRecord): AsyncGenerator<SettledExperiment> {
  for (const { id } of summaries) {
    const experiment = await readWithItems(git, commits.get(id) ?? '');
    if (experiment) yield experiment;
  }
}
