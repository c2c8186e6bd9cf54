/** A report of experiments that are in no repository. */
import type { SettledExperiment } from '../../src/experiment.ts';
import type { AuditRecord, OpeningRecord } from '../../src/ledger/records.ts';
import { summarize } from '../../src/model/summarize.ts';
import type { ReportData, ReportDetails } from '../../src/page/built.ts';
import { pageDetail } from '../../src/page/detail.ts';
import { reportHtml } from '../../src/page/report-html.ts';
import { knobsIn } from '../../src/page/knobs.ts';
import { detailedIds, reportData } from '../../src/page/report.ts';
import { pageSource, type PageSource } from '../../src/page/source.ts';
import type { SwarmOverview } from '../../src/swarm/overview.ts';
import type { OpeningView } from '../../src/views/types.ts';
import { opening as sampleOpening } from '../views/synthetic.ts';

interface Given {
  readonly opening?: OpeningView;
  readonly audits?: readonly AuditRecord[];
  readonly diffs?: ReadonlyMap<number, string>;
  readonly logs?: ReadonlyMap<number, string>;
  readonly program?: string;
  readonly swarm?: SwarmOverview;
}

export function sourceOf(
  experiments: readonly SettledExperiment[],
  { opening = sampleOpening, audits = [], swarm }: Given = {},
): PageSource {
  const opened: OpeningRecord = { v: 1, kind: 'opened', projectPrefix: '', ...opening };
  const record = { run: opening.run, opening: opened, sessions: [opened, ...audits], summaries: experiments.map(summarize) };
  const reason = { code: 'BUDGET_EXPERIMENTS', text: 'all experiments are done' };
  return pageSource({ record, state: { kind: 'stopped', reason }, now: '2026-02-01T07:00:00.000Z', ...(swarm && { swarm }) });
}

export function dataOf(experiments: readonly SettledExperiment[], given: Given = {}): ReportData {
  const knobs = new Map([...(given.diffs ?? [])].map(([id, diff]) => [id, knobsIn(diff)] as const));
  return reportData(sourceOf(experiments, given), experiments, { program: given.program ?? '', knobs });
}

export function detailsOf(experiments: readonly SettledExperiment[], given: Given = {}): ReportDetails {
  const source = sourceOf(experiments, given);
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const ids = detailedIds(experiments);
  return Object.fromEntries(
    experiments
      .filter(({ id }) => ids.has(id))
      .map((experiment) => [
        experiment.id,
        pageDetail(source, {
          experiment,
          diff: given.diffs?.get(experiment.id) ?? '',
          log: given.logs?.get(experiment.id) ?? '',
          incumbent: byId.get(experiment.incumbent?.id ?? -1) ?? null,
        }),
      ]),
  );
}

export function reportOf(experiments: readonly SettledExperiment[], given: Given = {}): Promise<string> {
  return reportHtml(dataOf(experiments, given), detailsOf(experiments, given));
}

/** The part of the file that is shown without a script. */
export function paperOf(html: string): string {
  return html.slice(html.indexOf('<div class="paper-page">'), html.indexOf('<script type="application/json"'));
}
