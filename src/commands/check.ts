import { resolve } from 'node:path';
import { loadConfig, type LoadedConfig, type ResolvedUse } from '../config/load-config.ts';
import type { Config } from '../config/types.ts';
import { assemble, withoutReporters } from '../engine/session/assemble.ts';
import { budgetOf } from '../engine/decide/budget.ts';
import type { Instance } from '../engine/session/instance.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { trainerOf } from '../engine/session/left-jobs.ts';
import { measureBaseline, type BaselineReport } from '../analysis/measure-baseline.ts';
import { prepareProject, readPrepared } from '../engine/session/prepare.ts';
import { filesInScope, runPreflight } from '../preflight/preflight.ts';
import { AutoresearchError, AutoresearchErrors, type ExitCode } from '../errors.ts';
import type { Trial } from '../experiment.ts';
import { listFiles, openRepository, resolveCommit, type Repository } from '../git/repository.ts';
import type { Log } from '../plugin.ts';
import type { RunFlags } from './run.ts';
import { catchSignals } from '../signals.ts';
import { createSteps, type Steps } from '../steps.ts';
import { trustOf } from '../trust.ts';
import { renderBaseline } from '../views/baseline.ts';
import { slotNames } from '../engine/slots/names.ts';
import { renderCheck, type CheckView } from '../views/check.ts';
import { print, printJson } from './read.ts';
import { overridesOf } from './run.ts';

const REPEATS = 5;

export async function check(flags: RunFlags): Promise<ExitCode> {
  if (flags.json !== true) return checkProject(flags);
  try {
    return await checkProject(flags);
  } catch (error) {
    const all = error instanceof AutoresearchErrors ? error.errors : [error];
    if (!all.every((one) => one instanceof AutoresearchError)) throw error;
    const errors = all.map(({ code, message, hint, at, path, plugin }) => ({ code, message, hint, at, path, plugin }));
    printJson({ ok: false, errors });
    return all[0]?.exitCode ?? 1;
  }
}

async function checkProject(flags: RunFlags): Promise<ExitCode> {
  const steps = createSteps();
  const loaded = await loadConfig({
    cwd: process.cwd(),
    ...(flags.config !== undefined && { configFile: resolve(flags.config) }),
    ...(flags.preset !== undefined && { preset: flags.preset }),
    overrides: overridesOf(flags),
  });
  const repository = await openRepository(loaded.projectDir);
  const base = await resolveCommit(repository);
  const view = await steps.run('look at the project', () => look(loaded, repository, base, steps.log));
  if (!flags.json) print(renderCheck(view));
  const repeats = flags.measure === true ? REPEATS : flags.measure;
  const baseline = repeats === undefined ? undefined : await measure(loaded, repository, base, repeats, steps);
  if (flags.json) printJson({ ...view, baseline });
  else if (baseline !== undefined) print(renderBaseline(baseline, budgetOf(loaded.config.budget)));
  return 0;
}

async function look({ config, configFile, uses }: LoadedConfig, repository: Repository, base: string, log: Log): Promise<CheckView> {
  const { signal } = new AbortController();
  const assembly = await assemble(config, uses, { projectDir: repository.projectDir, log, signal });
  const names = (kind: string) => assembly.uses.filter((use) => use.kind === kind).map((use) => use.label);
  try {
    const { data, warnings } = await runPreflight({ ...assembly, repository, base });
    const places = await trainerOf(assembly.instances)?.check?.();
    return {
      ok: true,
      config: configFile,
      objective: { label: assembly.objective.label, direction: assembly.objective.direction },
      agents: agentNames(assembly.uses),
      agentNotes: await describeAgents(assembly.instances),
      trainer: { use: names('trainer').join(), timeout: config.trainer.timeout },
      places: places?.found ?? [],
      slots: await slotNames(config.slots, assembly.processes),
      lookahead: config.lookahead ?? null,
      limits: limitsOf(config.trainer),
      metrics: names('metric'),
      gates: names('gate'),
      editable: filesInScope(config, await listFiles(repository, base)),
      data: data.map(({ file, values }) => ({ path: file.path, rows: values.length })),
      prepared: await readPrepared({ assembly, repository, signal }),
      sandbox: assembly.sandbox.text,
      trust: trustOf(config, assembly.sandbox.layer),
      base,
      warnings: [...warnings, ...(places?.warnings ?? [])],
    };
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}

function limitsOf({ maxMemoryMb, maxProcesses, maxDiskMb, maxFileMb }: Config['trainer']): string[] {
  return [
    maxMemoryMb !== undefined && `${maxMemoryMb} MiB of memory`,
    maxProcesses !== undefined && `${maxProcesses} processes`,
    maxDiskMb !== undefined && `${maxDiskMb} MiB of files`,
    maxFileMb !== undefined && `${maxFileMb} MiB in one file`,
  ].filter((limit) => limit !== false);
}

/** The agents of the chain, and the members of teams. */
function agentNames(uses: readonly ResolvedUse[]): string[] {
  const agents = uses.filter(({ kind }) => kind === 'agent');
  return agents
    .filter(({ team }) => team === undefined)
    .map(({ label, path }) => {
      const members = agents.filter(({ team }) => team === path).map((member) => member.label);
      return members.length === 0 ? label : `${label} of ${members.join(', ')}`;
    });
}

/** What each agent reports: its program, how it signs in, and what keeps it inside the scope. */
async function describeAgents(instances: readonly Instance[]): Promise<string[]> {
  const lines = instances.map(async (instance) => {
    const found = instance.kind === 'agent' ? await instance.role.check?.() : undefined;
    return found === undefined ? [] : [found.found, `login: ${found.login}`, `scope: ${found.scope}`];
  });
  return (await Promise.all(lines)).flat();
}

/** Repeats the baseline. */
async function measure(
  loaded: LoadedConfig,
  repository: Repository,
  base: string,
  repeats: number,
  { log, run: step }: Steps,
): Promise<BaselineReport> {
  using signals = catchSignals(log);
  const { signal } = signals;
  const assembly = await assemble(loaded.config, withoutReporters(loaded.uses), { projectDir: repository.projectDir, log, signal });
  signals.onSecond(() => assembly.processes.killAll());
  const onTrial = (done: number, { seconds }: Trial) => log.info(`trial ${done} of ${repeats}: ${seconds.toFixed(1)} s`);
  try {
    await prepareProject({ assembly, repository, log, signal, step });
    return await step('measure the baseline', () => measureBaseline({ loaded, assembly, repository, base, repeats, signal, log, onTrial }));
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}
