import promotionSchema from '../../schemas/promotion.schema.json' with { type: 'json' };
import reviewSchema from '../../schemas/review.schema.json' with { type: 'json' };
import { createAjv, validateWith } from '../config/ajv.ts';
import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { isExperiment, type LedgerRecord } from './records.ts';
import type { PromotionRecord, ReviewRecord } from './review-records.ts';

/** Checks that decisions are about what they name, and that promotions hold what had been approved by then, and nothing else. */
export async function checkReviews(git: Git, records: readonly LedgerRecord[], entries: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const ajv = createAjv();
  const settled = new Map<number, SettledExperiment>();
  const decided = new Map<number, { readonly record: ReviewRecord; readonly entry: string }>();
  for (const [index, record] of records.entries()) {
    if (isExperiment(record)) settled.set(record.id, record);
    else if (record.kind === 'review') {
      problems.push(...checkShape(ajv, reviewSchema, record, `review of #${record.experiment}`), ...checkReview(record, settled));
      decided.set(record.experiment, { record, entry: entries[index] ?? '' });
    } else if (record.kind === 'promotion') {
      const name = `promotion to ${record.branch}`;
      problems.push(...checkShape(ajv, promotionSchema, record, name));
      for (const { experiment, candidate, review } of record.changes) {
        const found = decided.get(experiment);
        if (found?.record.decision !== 'approve' || found.entry !== review || found.record.candidate !== candidate)
          problems.push(`${name}: #${experiment} was not approved when it was promoted`);
      }
      problems.push(...(await checkCommits(git, record, name)));
    }
  }
  return problems;
}

function checkReview({ experiment, candidate }: ReviewRecord, settled: ReadonlyMap<number, SettledExperiment>): string[] {
  const found = settled.get(experiment);
  const name = `review of #${experiment}`;
  if (found === undefined) return [`${name}: there was no such experiment yet`];
  if (found.verdict !== 'keep' && found.verdict !== 'review') return [`${name}: it is about a ${found.verdict}`];
  return found.candidate === candidate ? [] : [`${name}: it is about ${candidate}, and the candidate is ${found.candidate}`];
}

/** The recorded branch has exactly one commit for each change. */
async function checkCommits(git: Git, { onto, commit, changes }: PromotionRecord, name: string): Promise<string[]> {
  const { code, out } = await git.ask(['rev-list', '--reverse', `${onto}..${commit}`, '--'], { accept: [128] });
  const recorded = changes.map((change) => `${change.commit}\n`).join('');
  return code === 0 && out === recorded ? [] : [`${name}: its commits are not those that were recorded`];
}

function checkShape(ajv: ReturnType<typeof createAjv>, schema: object, record: object, name: string): string[] {
  return validateWith(ajv, schema, structuredClone(record)).map(
    ({ instancePath, message }) => `${name}: ${instancePath || 'it'} ${message ?? 'is not valid'}`,
  );
}
