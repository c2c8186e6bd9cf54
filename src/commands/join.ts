import { existsSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import type { Override } from '../config/types.ts';
import { resumeRun, startRun } from '../engine/session/run.ts';
import type { ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { listRuns } from '../ledger/find-run.ts';
import { createLog } from '../log.ts';
import { catchSignals, KEPT } from '../signals.ts';
import { bring, type Brought } from '../swarm/net/bring.ts';
import { budgetFlags, conclude, joinOthers, overridesOf, type RunFlags } from './run.ts';

export interface JoinFlags extends RunFlags {
  readonly run?: string;
  readonly node?: string;
  readonly owner?: string;
  readonly focus?: string;
  readonly dir?: string;
}

/** Takes part in a run that is open at a remote, until a limit is reached. */
export async function join(url: string, flags: JoinFlags): Promise<ExitCode> {
  const log = createLog({ debug: flags.debug === true });
  using signals = catchSignals(log, KEPT);
  const { signal } = signals;
  const brought = await bring({ cwd: process.cwd(), url, run: flags.run, dir: flags.dir, signal, onProgress: log.debug });
  const { opening, dir } = brought;
  const { run, base, projectPrefix, config } = opening.facts;
  const repository = await openRepository(joinPath((await openRepository(dir)).top, projectPrefix));
  const { projectDir } = repository;
  log.info(`${run}, opened at ${opening.facts.at}, in ${projectDir}`);
  const request = {
    cwd: projectDir,
    name: run,
    log,
    signal,
    join: joinOthers,
    onAssembled: ({ processes }: { readonly processes: { killAll(): void } }) => signals.onSecond(() => processes.killAll()),
  };
  if ((await listRuns(repository.git)).includes(run)) return conclude(await resumeRun({ ...request, budget: budgetFlags(flags) }), log);
  const program = config.program === undefined ? null : joinPath(projectDir, config.program);
  // The direction need not be committed.
  if (program !== null && brought.isNew && !existsSync(program)) writeFileSync(program, opening.program);
  const checked = await resolveRecorded(config, projectDir, [...ownPart(brought, flags), ...overridesOf(flags)]);
  return conclude(await startRun({ ...request, given: { ...checked, projectDir, base } }), log);
}

/** What is this machine's own in the config. */
function ownPart({ remote, namespace }: Brought, { node, owner, focus }: JoinFlags): Override[] {
  const value = {
    name: remote,
    namespace,
    ...(node !== undefined && { node }),
    ...(owner !== undefined && { owner }),
    ...(focus !== undefined && { focus }),
  };
  return [{ path: 'remote', value, flag: 'join' }];
}
