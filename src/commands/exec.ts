import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { personEnvironment } from '../engine/measure/environment.ts';
import { handOverNow, rowsEnvironment } from '../engine/measure/run-data.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { openRepository, resolveCommit } from '../git/repository.ts';
import { excludeFromStatus } from '../git/run-refs.ts';
import { createLog } from '../log.ts';
import { createProcessSession } from '../process/session.ts';
import { createRedact } from '../redact.ts';
import { catchSignals } from '../signals.ts';
import { print } from './read.ts';

/** Runs a command in the project's folder, by hand, with the rows of the config's data as they are now. */
export async function exec([program, ...args]: readonly string[]): Promise<ExitCode> {
  if (program === undefined) throw new AutoresearchError('USAGE', 'there is no command to run', { hint: 'autoresearch exec -- COMMAND' });
  const { config, projectDir } = await loadConfig({ cwd: process.cwd() });
  const repository = await openRepository(projectDir);
  excludeFromStatus(repository);
  using signals = catchSignals(createLog({ debug: false }));
  const dir = join(repository.stateDir, `exec-${randomUUID().slice(0, 8)}`);
  try {
    const data = await handOverNow(config, repository, await resolveCommit(repository), dir);
    const env = { ...personEnvironment(), ...rowsEnvironment(data, 'loop') };
    const processes = createProcessSession(randomUUID(), { env, redact: createRedact(process.env) });
    signals.onSecond(() => processes.killAll());
    const { exit, spawnError } = await processes.exec([program, ...args], { cwd: projectDir, onLine: print, signal: signals.signal });
    if (spawnError) throw new AutoresearchError('USAGE', `${program} could not be started (${spawnError})`, { hint: 'see docs/data.md' });
    return exit === 'completed' ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
