import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/types.ts';
import { AutoresearchError } from '../../errors.ts';
import type { Repository } from '../../git/repository.ts';
import type { ExecResult, Log } from '../../plugin.ts';
import { untold, type Step } from '../../steps.ts';
import type { Assembly } from './assemble.ts';
import { evaluationLinks } from '../../preflight/evaluate-preflight.ts';
import { linksOf, missing } from '../../preflight/preflight.ts';
import { personEnvironment } from '../measure/environment.ts';

interface PrepareInput {
  readonly assembly: Pick<Assembly, 'config' | 'processes'>;
  readonly repository: Repository;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Shows it to whoever waits. */
  readonly step?: Step;
}

export interface Prepared {
  readonly isReady: boolean;
  readonly text: string;
}

/**
 * Runs the config's `prepare` in the person's own folder, with the person's own environment: it fetches what trials may not.
 * @throws AutoresearchError PREPARE_FAILED, or LINK_MISSING where it has not made what is to be linked
 */
export async function prepareProject({ assembly, repository, log, signal, step = untold }: PrepareInput): Promise<void> {
  const { config, processes } = assembly;
  const [program, ...args] = config.prepare ?? [];
  if (program === undefined) return;
  const { projectDir } = repository;
  await step('prepare the project', async () => {
    const result = await processes.exec([program, ...args], {
      cwd: projectDir,
      env: personEnvironment(),
      signal,
      onLine: (line) => log.info(`prepare: ${line}`),
    });
    signal.throwIfAborted();
    if (result.exit !== 'completed') throw failed([program, ...args].join(' '), result);
  });
  checkMade(config, projectDir);
}

/** The last line of the config's `prepared` command, and whether it says that nothing is left to prepare; null without such a command. */
export async function readPrepared({ assembly, repository, signal }: Omit<PrepareInput, 'log' | 'step'>): Promise<Prepared | null> {
  const [program, ...args] = assembly.config.prepared ?? [];
  if (program === undefined) return null;
  const { exit, tail, spawnError } = await assembly.processes.exec([program, ...args], {
    cwd: repository.projectDir,
    env: personEnvironment(),
    signal,
  });
  const last = tail.trim().split('\n').at(-1) ?? '';
  return { isReady: exit === 'completed', text: spawnError ? `${program} could not be started (${spawnError})` : last };
}

function failed(command: string, { spawnError, exitCode, signal }: ExecResult): AutoresearchError {
  const how = spawnError ? `could not be started (${spawnError})` : signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  return new AutoresearchError('PREPARE_FAILED', `prepare: \`${command}\` ${how}`, {
    hint: 'run it by hand in the project’s folder, or change `prepare` in the config',
  });
}

function checkMade(config: Config, projectDir: string): void {
  const lacking = [...linksOf(config), ...evaluationLinks(config.trainer.evaluate)].find(({ path }) => !existsSync(join(projectDir, path)));
  if (lacking === undefined) return;
  throw new AutoresearchError('LINK_MISSING', `${missing(lacking.at, lacking.path)}, and \`prepare\` has not made it`, {
    hint: 'take it out of the config, or have `prepare` make it',
  });
}
