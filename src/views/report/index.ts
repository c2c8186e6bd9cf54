/** A run as one HTML file that needs nothing else: no network, no fonts, no library. */
import { createHash } from 'node:crypto';
import type { SettledExperiment } from '../../experiment.ts';
import { decimalsFor } from '../format.ts';
import { summarize } from '../../ledger/records.ts';
import { rankKeeps, totalsOf } from '../rank.ts';
import type { OpeningView } from '../types.ts';
import { renderChart } from './chart.ts';
import { renderHeader, renderProvenance } from './header.ts';
import { html, verbatim } from './html.ts';
import { renderList } from './list.ts';
import { renderRanked } from './ranked.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export { detailedIds } from './list.ts';

export interface ReportInput {
  readonly opening: OpeningView;
  /** Every settled experiment, oldest first. */
  readonly experiments: readonly SettledExperiment[];
  /** Diffs as `git diff` prints them, by experiment; only those of `detailedIds` are shown. */
  readonly diffs: ReadonlyMap<number, string>;
  /** Ends of the trials' logs, by experiment; the last 40 lines of each are shown. */
  readonly logTail?: ReadonlyMap<number, string>;
  /** ISO 8601. */
  readonly generatedAt: string;
}

export function renderReport({ opening, experiments, diffs, logTail = new Map(), generatedAt }: ReportInput): string {
  const rows = experiments.map(summarize);
  const { objective } = opening;
  const decimals = decimalsFor(rows);
  const headline = { opening, experiments, totals: totalsOf(rows, objective.direction), decimals, generatedAt };
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${opening.run}: ${objective.label} in ${headline.totals.experiments} experiments</title>
        ${verbatim('style', STYLE)}
      </head>
      <body>
        ${renderHeader(headline)}
        <main>
          ${
            rows.length > 0 && [
              renderChart(rows, objective, decimals),
              renderRanked(rankKeeps(rows, objective.direction), objective.label, decimals),
              renderList(experiments, { objective, decimals, diffs, logTail }),
            ]
          }
          ${renderProvenance(headline)}
        </main>
        ${verbatim('script', SCRIPT)}
      </body>
    </html> `;
  return page.text;
}

/** The page may run the one script it came with and load nothing, whatever a title or a diff contains. */
function policy(): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
