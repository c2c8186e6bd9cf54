import { definePlugin, ReasonError, type AuditOccasion, type Finding, type Judgement, type RunView } from '../../../src/plugin.ts';
import { claimOf, rawClaim } from './claim.ts';
import { measurePairs, type Measured, type Sides } from './measure.ts';
import { schema } from './schema.ts';
import { claimText } from './claim-text.ts';

interface AuditOptions {
  readonly everyKeeps?: number;
  readonly atEnd: boolean;
  readonly runs: number;
  readonly transform: 'none' | 'log';
  readonly onFail: 'rollback' | 'report';
}

export default definePlugin({
  kind: 'gate',
  name: 'audit',
  apiVersion: 1,
  description: 'Measures the gain of the run again, on seeds the loop never used: the last kept commit against the anchor.',
  schema,
  create: (options) => ({
    async audit(occasion: AuditOccasion, run: RunView): Promise<Finding | undefined> {
      return isDue(options, occasion, run) ? follow(options, occasion, run) : undefined;
    },
  }),
});

function isDue({ everyKeeps, atEnd }: AuditOptions, { at, keeps }: AuditOccasion, { audits }: RunView): boolean {
  if (at === 'keeps') return everyKeeps !== undefined && keeps >= everyKeeps;
  // A commit that was audited is not audited again, unless that audit could not be done.
  return atEnd && (keeps > 0 || audits.at(-1)?.claim.df === 0);
}

async function follow(options: AuditOptions, occasion: AuditOccasion, run: RunView): Promise<Finding> {
  const raw = rawClaim(run, occasion);
  let trials: Sides = { final: [], anchor: [] };
  try {
    const asked = await measureUntilSaid(options, occasion, run);
    trials = { final: asked.final, anchor: asked.anchor };
    if (asked.problem !== null) return notDone(trials, raw, asked.problem);
    const claim = await claimOf(occasion, run, trials, options.transform);
    const failures = asked.judgements
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'more')
      .map(({ gate, code, reason }) => `${gate} ${code}: ${reason}`);
    const failed = failures.length > 0 || claim.shown === 'loss';
    const rolledBack = failed && options.onFail === 'rollback';
    const text = [
      claimText(run.objective.label, claim),
      ...(failures.length > 0 ? [`failed on fresh trials: ${failures.join('; ')}`] : []),
      ...(rolledBack ? [`back to #${occasion.confirmed.id}`] : failed ? ['nothing is taken back, as the config asks'] : []),
    ].join('; ');
    return { trials, claim, raw, failures, rolledBack, text };
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    return notDone(trials, raw, `${error.code}: ${error.message}`);
  }
}

/** The trials, and the guards' judgements of them; a guard that asks for more trials gets up to twice as many. */
async function measureUntilSaid(
  { runs }: AuditOptions,
  occasion: AuditOccasion,
  run: RunView,
): Promise<Measured & { readonly judgements: readonly Judgement[] }> {
  let measured = await measurePairs(occasion, run, { from: 0, to: runs, sides: { final: [], anchor: [] } });
  let judgements: readonly Judgement[] = [];
  for (let pairs = runs; measured.problem === null; pairs++) {
    judgements = await occasion.guard(measured.final, measured.anchor);
    if (pairs >= 2 * runs || !judgements.some(({ outcome }) => outcome === 'more')) break;
    measured = await measurePairs(occasion, run, { from: pairs, to: pairs + 1, sides: measured });
  }
  return { ...measured, judgements };
}

/** Confirms nothing and takes nothing back: the interval is infinite. */
function notDone(trials: Sides, raw: number, why: string): Finding {
  const claim = { value: 0, low: -Infinity, high: Infinity, df: 0, shown: 'none' } as const;
  return { trials, claim, raw, failures: [], rolledBack: false, text: `no gain shown: the audit could not be done: ${why}` };
}
