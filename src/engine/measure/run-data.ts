/** The user's data, on its way from the project to the trials. */
import type { Config, Split } from '../../config/types.ts';
import { checkData } from '../../data/check-data.ts';
import { handOver, manifestOf, summaryOf, type DataSummary, type HandedData } from '../../data/hand-over.ts';
import type { DataProject, ReadData } from '../../data/read-data.ts';
import { AutoresearchErrors } from '../../errors.ts';
import type { Repository } from '../../git/repository.ts';
import type { Log } from '../../plugin.ts';
import { dataProject } from '../../preflight/data-project.ts';
import type { Assembly } from '../session/assemble.ts';
import { dataDirOf } from '../slots/run-paths.ts';

/**
 * Writes the data of a commit for trials outside the loop, when the user may have changed the files since.
 * @throws AutoresearchErrors where it is not as the schemas ask
 */
export async function handOverCommitted(
  config: Pick<Config, 'data' | 'workspace' | 'trainer'>,
  repository: Repository,
  base: string,
  runDir: string,
): Promise<HandedData | null> {
  const project = dataProject(config, repository, base);
  const read = async (path: string) => (project.isLinked(path) ? null : await project.readCommitted(path)) ?? project.read(path);
  return handOverChecked(config, { ...project, read }, dataDirOf(runDir));
}

/** The same for a command by hand: the files as they are in the person's folder, committed or not. */
export async function handOverNow(
  config: Pick<Config, 'data' | 'workspace' | 'trainer'>,
  repository: Repository,
  base: string,
  dir: string,
): Promise<HandedData | null> {
  const project = dataProject(config, repository, base);
  return handOverChecked(config, { ...project, readCommitted: project.read }, dir);
}

async function handOverChecked({ data: files }: Pick<Config, 'data'>, project: DataProject, dir: string): Promise<HandedData | null> {
  const { problems, data } = await checkData(files, project);
  if (problems.length > 0) throw new AutoresearchErrors(problems);
  return handOver(dir, data);
}

const SEEN: Readonly<Record<Split, string>> = { loop: 'for every trial', holdout: 'for audits', open: 'for everybody' };

/** Tells the user which sandbox the run has, and which rows it is measured on. */
export function sayWhatIsUsed(log: Log, { sandbox }: Pick<Assembly, 'sandbox'>, data: readonly ReadData[]): void {
  log.info(`sandbox: ${sandbox.text}`);
  for (const { file, values, split } of data) log.info(`data: ${file.path}, ${values.length} rows, ${SEEN[split]}`);
}

/** Committed data cannot change during a run; linked or held-out data can, between two sessions. */
export function warnOfOtherData(log: Log, before: readonly DataSummary[], data: readonly ReadData[]): void {
  for (const { path, rows, sha256 } of data.map(summaryOf)) {
    const old = before.find((one) => one.path === path);
    if (old === undefined || old.sha256 === sha256) continue;
    log.warn(`${path} has changed since the run began (${old.rows} rows then, ${rows} now): scores before and after do not compare`);
  }
}

/** What agents, and candidates that an evaluator measures, are told of the rows: those of everybody, else those of the loop. */
export function agentDataEnvironment({ trainer }: Pick<Config, 'trainer'>, data: HandedData | null): Record<string, string> {
  if (trainer.evaluate === undefined) return rowsEnvironment(data, 'loop');
  return data?.hasOpen === true ? rowsEnvironment(data, 'open') : {};
}

/** What tells a trial which data it is measured on. */
export function splitEnvironment(data: HandedData | null, isHoldout: boolean): Record<string, string> {
  const split = isHoldout ? 'holdout' : 'loop';
  return { ...rowsEnvironment(data, split), AUTORESEARCH_SPLIT: split };
}

export function rowsEnvironment(data: HandedData | null, split: Split): Record<string, string> {
  return data === null ? {} : { AUTORESEARCH_DATA: manifestOf(data[split]) };
}
