/** A run as one HTML file that needs nothing else: no network, no fonts, no library. */
import { createHash } from 'node:crypto';
import type { SettledExperiment } from '../../experiment.ts';
import { summarize, type AuditRecord } from '../../ledger/records.ts';
import type { PromotionRecord } from '../../ledger/review-records.ts';
import { NO_REVIEWS, type Reviews } from '../../ledger/reviews.ts';
import type { Noise } from '../../plugin.ts';
import { reviewQueue } from '../../review/queue.ts';
import { tallyAgents } from '../agents.ts';
import { claimOf } from '../claim.ts';
import { rolledBack } from '../course.ts';
import { decimalsForEstimates } from '../estimate.ts';
import { decimalsFor } from '../format.ts';
import { factsOf } from '../headline-facts.ts';
import { guardNames, headlineOf } from '../headline.ts';
import { rankKeeps, totalsOf } from '../rank.ts';
import { countStandings } from '../reviews.ts';
import type { RunState } from '../status.ts';
import type { OpeningView } from '../types.ts';
import { renderAgents } from './agents.ts';
import { renderAudits } from './audits.ts';
import { renderChart } from './chart.ts';
import { renderHeader, renderProvenance } from './header.ts';
import { html, verbatim } from './html.ts';
import { renderList } from './list.ts';
import { renderPareto } from './pareto.ts';
import { renderRanked } from './ranked.ts';
import { renderReviews } from './reviews.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export { detailedIds } from './list.ts';

export interface ReportInput {
  readonly opening: OpeningView;
  /** Every settled experiment, oldest first. */
  readonly experiments: readonly SettledExperiment[];
  /** The audits of the run, oldest first. */
  readonly audits?: readonly AuditRecord[];
  /** What humans decided, and what was promoted. */
  readonly reviews?: Reviews;
  readonly promotions?: readonly PromotionRecord[];
  /** Null while nothing is known of it. */
  readonly noise?: Noise | null;
  /** Whether it goes on, and why it ended. */
  readonly state?: RunState;
  /** Diffs as `git diff` prints them, by experiment; only those of `detailedIds` are shown. */
  readonly diffs: ReadonlyMap<number, string>;
  /** Ends of the trials' logs, by experiment; the last 40 lines of each are shown. */
  readonly logTail?: ReadonlyMap<number, string>;
  /** ISO 8601. */
  readonly generatedAt: string;
}

export function renderReport({
  opening,
  experiments,
  audits = [],
  reviews = NO_REVIEWS,
  promotions = [],
  noise = null,
  state = { kind: 'interrupted' },
  diffs,
  logTail = new Map(),
  generatedAt,
}: ReportInput): string {
  const rows = experiments.map(summarize);
  const { objective } = opening;
  const { label, direction } = objective;
  const decimals = decimalsFor(rows);
  const totals = totalsOf(rows, direction, audits);
  const claim = claimOf(rows, audits, direction);
  const keeps = rankKeeps(rows, direction, audits);
  const undone = rolledBack(rows, audits);
  const digits = decimalsForEstimates(rows, decimals);
  const standings = countStandings(rows, reviews);
  const guards = guardNames(opening.config.gates);
  const brief = headlineOf(factsOf({ run: opening.run, state, label, totals, claim, audits, standings, guards }));
  const headline = { opening, experiments, totals, claim, noise, decimals, generatedAt, standings, brief };
  const items = reviewQueue({ summaries: rows, reviews, audits, direction });
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${opening.run}: ${objective.label} in ${totals.experiments} experiments</title>
        ${verbatim('style', STYLE)}
      </head>
      <body>
        ${renderHeader(headline)}
        <main>
          ${
            rows.length > 0 && [
              renderChart({ rows, audits, noise, totals, objective, decimals }),
              renderRanked({ keeps, rolledBack: [...undone], label, decimals, digits, reviews }),
              renderReviews({ items, promotions, run: opening.run, decimals, digits }),
              renderAudits({ audits, objective, decimals }),
              renderPareto({ opening, rows, undone }),
              renderAgents({ agents: tallyAgents(experiments, direction, keeps), decimals }),
              renderList(experiments, { objective, decimals, diffs, logTail, undone, reviews }),
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
