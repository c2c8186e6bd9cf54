import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { findConfig } from '../config/find.ts';
import { parseOverride } from '../config/override.ts';
import type { Config, Override } from '../config/types.ts';
import type { JoinOthers } from '../engine/others.ts';
import { startRun, type RunResult } from '../engine/session/run.ts';
import { AutoresearchError, messageOf, type ExitCode } from '../errors.ts';
import type { Log } from '../plugin.ts';
import { readRun } from '../ledger/read.ts';
import { writeReport } from '../report.ts';
import { scaffold } from '../scaffold.ts';
import { catchSignals, KEPT } from '../signals.ts';
import { createSteps } from '../steps.ts';
import { print } from './read.ts';
import { RunPage } from './run-page.ts';

export interface RunFlags {
  readonly name?: string;
  readonly preset?: string;
  readonly config?: string;
  readonly experiments?: number;
  readonly time?: string;
  readonly set?: readonly string[];
  readonly debug?: boolean;
  /** How many trials of the baseline; true for the default. */
  readonly measure?: number | true;
  readonly json?: boolean;
  /** Show the run in a browser while it works. */
  readonly ui?: boolean;
  /** Where that page is served. */
  readonly host?: string;
  readonly port?: number;
  readonly allowRemote?: boolean;
}

/** Loaded where a config names a remote. */
export const joinOthers: JoinOthers = async (input) =>
  input.config.remote === undefined ? null : (await import('../swarm/net/open-node.ts')).openNode(input);

export async function run(flags: RunFlags): Promise<ExitCode> {
  const { log, run: step } = createSteps({ debug: flags.debug === true });
  const cwd = await folderFor(flags);
  const isScaffolded = cwd !== process.cwd();
  using signals = catchSignals(log, KEPT);
  await using page = new RunPage(log, flags);
  const result = await startRun({
    cwd,
    ...(flags.config !== undefined && { configFile: resolve(flags.config) }),
    ...(flags.preset !== undefined && !isScaffolded && { preset: flags.preset }),
    overrides: overridesOf(flags),
    name: flags.name,
    log,
    step,
    signal: signals.signal,
    onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
    join: joinOthers,
    ...(flags.ui && { onOpened: page.open }),
  });
  const code = await conclude(result, log);
  if (isScaffolded) print(`the commands for it work in its folder: cd ${relative(process.cwd(), cwd)}`);
  return code;
}

/** The current folder; with a preset and no config here, its sample project, set up if need be. */
async function folderFor({ preset, config }: RunFlags): Promise<string> {
  const cwd = process.cwd();
  if (preset === undefined || config !== undefined) return cwd;
  try {
    await findConfig(cwd);
    return cwd;
  } catch (error) {
    if (!(error instanceof AutoresearchError) || error.code !== 'CONFIG_NOT_FOUND') throw error;
  }
  const dir = join(cwd, preset);
  if (!existsSync(join(dir, 'autoresearch.config.yaml'))) print(await scaffold(dir, preset, { ownRepository: true }));
  return dir;
}

/** Writes the report and says where it is. An error while writing the report does not make a finished run fail. */
export async function conclude({ run: name, end, repository, runDir }: RunResult, log: Log): Promise<ExitCode> {
  try {
    const file = await writeReport(repository, await readRun(repository.git, name), join(runDir, 'report.html'));
    print(`report: ${relative(process.cwd(), file)}`);
  } catch (error) {
    log.warn(`the report could not be written: ${messageOf(error)}`);
  }
  if (end.outcome === 'interrupted') return 130;
  if (end.outcome !== 'failed') return 0;
  log.info(`${end.reason.code} ${end.reason.text}\n  autoresearch explain ${end.reason.code}`);
  return 1;
}

export function overridesOf({ set = [], experiments, time }: RunFlags): Override[] {
  const overrides = set.map(parseOverride);
  if (experiments !== undefined) overrides.push({ path: 'budget.experiments', value: experiments, flag: '--experiments' });
  if (time !== undefined) overrides.push({ path: 'budget.time', value: time, flag: '--time' });
  return overrides;
}

export function budgetFlags({ experiments, time }: RunFlags): Config['budget'] {
  return { ...(experiments !== undefined && { experiments }), ...(time !== undefined && { time }) };
}
