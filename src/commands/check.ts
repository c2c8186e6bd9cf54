import { resolve } from 'node:path';
import { loadConfig, type LoadedConfig, type ResolvedUse } from '../config/load-config.ts';
import { assemble, withoutReporters } from '../engine/assemble.ts';
import { budgetOf } from '../engine/budget.ts';
import { disposeAll, type Instance } from '../engine/instances.ts';
import { measureBaseline } from '../engine/measure-baseline.ts';
import { prepareProject, readPrepared, type Prepared } from '../engine/prepare.ts';
import { filesInScope, runPreflight } from '../preflight/preflight.ts';
import type { ExitCode } from '../errors.ts';
import type { Trial } from '../experiment.ts';
import { listFiles, openRepository, resolveCommit, type Repository } from '../git/repository.ts';
import { createLog } from '../log.ts';
import type { RunFlags } from '../program.ts';
import { catchSignals } from '../signals.ts';
import { renderBaseline } from '../views/baseline.ts';
import { plural } from '../views/format.ts';
import { print } from './read.ts';
import { overridesOf } from './run.ts';

const REPEATS = 5;

export async function check(flags: RunFlags): Promise<ExitCode> {
  const log = createLog({ debug: false });
  const loaded = await loadConfig({
    cwd: process.cwd(),
    ...(flags.config !== undefined && { configFile: resolve(flags.config) }),
    ...(flags.preset !== undefined && { preset: flags.preset }),
    overrides: overridesOf(flags),
  });
  const repository = await openRepository(loaded.projectDir);
  const base = await resolveCommit(repository);
  const { config } = loaded;
  const { signal } = new AbortController();
  const assembly = await assemble(config, loaded.uses, { projectDir: repository.projectDir, log, signal });
  let found;
  let agents: string[];
  let prepared: Prepared | null;
  try {
    found = await runPreflight({ ...assembly, repository, base });
    agents = await describeAgents(assembly.instances);
    prepared = await readPrepared({ assembly, repository, signal });
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
  const names = (kind: string) => assembly.uses.filter((use) => use.kind === kind).map((use) => use.label);
  const editable = filesInScope(config, await listFiles(repository, base));
  print(
    [
      `objective  ${assembly.objective.label}, ${assembly.objective.direction}`,
      `agent      ${agentNames(assembly.uses).join(', then ')}`,
      ...agents,
      `trainer    ${names('trainer').join()}, at most ${config.trainer.timeout} a trial`,
      `metrics    ${names('metric').join(', ')}`,
      `gates      ${names('gate').join(', ')}`,
      `editable   ${editable.join(', ')}`,
      ...found.data.map(({ file, values }) => `data       ${file.path}: ${values.length} rows, all as the schema asks`),
      ...(prepared === null ? [] : [`prepared   ${prepared.text}${prepared.isReady ? '' : '; autoresearch run prepares it first'}`]),
      `sandbox    ${assembly.sandbox.text}`,
      `starts at  ${base.slice(0, 10)}`,
      ...found.warnings.map((warning) => `warning: ${warning}`),
      found.warnings.length === 0
        ? 'everything is in order: autoresearch run'
        : `nothing keeps a run from starting: ${plural(found.warnings.length, 'warning')} above`,
    ].join('\n'),
  );
  if (flags.measure !== undefined) await measure(loaded, repository, base, flags.measure === true ? REPEATS : flags.measure);
  return 0;
}

/** The chain; of an agent that has agents of its own, these too. */
function agentNames(uses: readonly ResolvedUse[]): string[] {
  const agents = uses.filter(({ kind }) => kind === 'agent');
  return agents
    .filter(({ team }) => team === undefined)
    .map(({ label, path }) => {
      const members = agents.filter(({ team }) => team === path).map((member) => member.label);
      return members.length === 0 ? label : `${label} of ${members.join(', ')}`;
    });
}

/** What each agent found of itself: its program, how it signs in, who keeps it inside the scope. */
async function describeAgents(instances: readonly Instance[]): Promise<string[]> {
  const lines = instances.map(async (instance) => {
    const found = instance.kind === 'agent' ? await instance.role.check?.() : undefined;
    return found === undefined ? [] : [found.found, `login: ${found.login}`, `scope: ${found.scope}`].map((text) => `           ${text}`);
  });
  return (await Promise.all(lines)).flat();
}

/** Repeats the baseline, and says what its noise means. */
async function measure(loaded: LoadedConfig, repository: Repository, base: string, repeats: number): Promise<void> {
  const log = createLog({ debug: false });
  using signals = catchSignals(log);
  const { signal } = signals;
  const assembly = await assemble(loaded.config, withoutReporters(loaded.uses), { projectDir: repository.projectDir, log, signal });
  signals.onSecond(() => assembly.processes.killAll());
  const onTrial = (done: number, { seconds }: Trial) => log.info(`trial ${done} of ${repeats}: ${seconds.toFixed(1)} s`);
  try {
    await prepareProject({ assembly, repository, log, signal });
    const report = await measureBaseline({ loaded, assembly, repository, base, repeats, signal, log, onTrial });
    print(renderBaseline(report, budgetOf(loaded.config.budget)));
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
}
