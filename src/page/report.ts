/** What a report holds: everything of the run as the page shows it, and details of the experiments that people read. */
import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { readExperiments, type RunRecord } from '../ledger/read.ts';
import { tallyAgents } from '../views/agents.ts';
import { rankKeeps } from '../views/rank.ts';
import { auditsOfPage } from './audits.ts';
import type { ReportData, ReportDetails } from './built.ts';
import { cleanTexts } from './clean.ts';
import { compromisesOf } from './compromises.ts';
import { decideOf, toDecide } from './decide.ts';
import { pageHead } from './head.ts';
import { parametersOf } from './parameters.ts';
import { rankedOf } from './ranked.ts';
import type { Knob } from './knobs.ts';
import { readDetails, readProgram } from './read.ts';
import { knobbed, readKnobs } from './read-knobs.ts';
import { setupOf } from './setup.ts';
import { rowMaker, type PageSource } from './source.ts';
import { timelineOf, timesOf } from './timeline.ts';

const MOST_OTHERS = 300;

/** The ids with details: every keep, everything parked for a person, and the newest of the others. */
export function detailedIds(experiments: readonly Pick<SettledExperiment, 'id' | 'verdict'>[]): ReadonlySet<number> {
  const kept = new Set(experiments.filter(({ verdict }) => verdict === 'keep' || verdict === 'review').map(({ id }) => id));
  const others = experiments.map(({ id }) => id).filter((id) => !kept.has(id));
  return new Set([...kept, ...others.slice(-MOST_OTHERS)]);
}

export function reportData(
  source: PageSource,
  experiments: readonly SettledExperiment[],
  { program, knobs }: { readonly program: string; readonly knobs?: ReadonlyMap<number, readonly Knob[]> },
): ReportData {
  const { direction } = source.record.opening.objective;
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  return cleanTexts({
    head: pageHead(source, program),
    rows: source.rows.map(rowMaker(source)),
    sections: {
      ranked: rankedOf(source),
      decide: decideOf(source, toDecide(source), byId),
      audits: auditsOfPage(source),
      agents: tallyAgents(experiments, direction, rankKeeps(source.rows, direction, source.audits)),
      compromises: compromisesOf(source),
      parameters: parametersOf(source.rows, knobs),
      slots: timelineOf(source.record.sessions, source.audits, experiments.map(timesOf), source.now),
      setup: setupOf(source),
      nodes: source.swarm,
    },
  });
}

/** Reads all of it from the ledger and git. */
export async function readReport(
  git: Git,
  record: RunRecord,
  source: PageSource,
): Promise<{ readonly data: ReportData; readonly details: ReportDetails }> {
  const experiments = await readExperiments(git, record);
  const details = await readDetails(git, record, source, [...detailedIds(experiments)]);
  const program = await readProgram(git, record.opening);
  const knobs = await readKnobs(git, knobbed(experiments));
  return { data: reportData(source, experiments, { program, knobs }), details: Object.fromEntries(details) };
}
