import { resolve } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { assemble } from '../engine/assemble.ts';
import { disposeAll } from '../engine/instances.ts';
import { filesInScope, runPreflight } from '../engine/preflight.ts';
import type { ExitCode } from '../errors.ts';
import { listFiles, openRepository, resolveCommit } from '../git/repository.ts';
import { createLog } from '../log.ts';
import type { RunFlags } from '../program.ts';
import { print } from './read.ts';
import { overridesOf } from './run.ts';

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
  try {
    await runPreflight({ config, repository, base, hooks: assembly.hooks });
  } finally {
    await disposeAll(assembly.instances, log.warn);
  }
  const names = (kind: string) => assembly.uses.filter((use) => use.kind === kind).map((use) => use.label);
  const editable = filesInScope(config, await listFiles(repository, base));
  print(
    [
      `objective  ${assembly.objective.label}, ${assembly.objective.direction}`,
      `agent      ${names('agent').join(', then ')}`,
      `trainer    ${names('trainer').join()}, at most ${config.trainer.timeout} a trial`,
      `metrics    ${names('metric').join(', ')}`,
      `gates      ${names('gate').join(', ')}`,
      `editable   ${editable.join(', ')}`,
      `starts at  ${base.slice(0, 10)}`,
      'everything is in order: autoresearch run',
    ].join('\n'),
  );
  return 0;
}
