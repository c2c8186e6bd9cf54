/** Every audit: when, of what, what it found on fresh trials, and what followed. */
import { gain } from '../experiment.ts';
import { rollbackTarget } from '../model/incumbents.ts';
import { claimText } from '../views/claim.ts';
import { gainOf, isBounded } from '../views/estimate.ts';
import { decimalsFor, formatNumber, plural, shortCommit } from '../views/format.ts';
import { cleanTexts } from './clean.ts';
import type { PageAudit } from './model.ts';
import type { PageSource } from './source.ts';

export function auditsOfPage({ audits, rows, record }: PageSource): PageAudit[] {
  const { direction } = record.opening.objective;
  const decimals = decimalsFor(rows);
  return cleanTexts(
    audits.map(({ audit, after }): PageAudit => {
      const claim = gainOf(audit.claim, direction);
      const raw = gain(audit.raw, 0, direction);
      const trials = (list: readonly unknown[]): string => plural(list.length, 'trial');
      return {
        text: claimText({ ...claim, shown: audit.claim.shown }, decimals),
        shown: audit.claim.shown,
        at: audit.at,
        after,
        claim: isBounded(claim.low, claim.high) ? claim : null,
        raw,
        facts: [
          ['when', `${audit.occasion === 'end' ? 'at the end of a session' : 'between keeps'}, after #${after}`],
          ['of', `#${audit.final.id} ${shortCommit(audit.final.commit)} against #${audit.anchor.id} ${shortCommit(audit.anchor.commit)}`],
          ['fresh trials', `${trials(audit.trials.final)} against ${trials(audit.trials.anchor)}`],
          ['raw scores say', formatNumber(raw, decimals)],
          ['guards', audit.failures.length === 0 ? 'none failed' : `failed: ${audit.failures.join('; ')}`],
          ['followed by', audit.rolledBack ? `rolled back to #${rollbackTarget(audit).id}` : 'the run goes on from it'],
          ...(audit.text.trim() === '' ? [] : [['finding', audit.text] satisfies [string, string]]),
        ],
        isBad: audit.rolledBack || audit.failures.length > 0,
      };
    }),
  );
}
