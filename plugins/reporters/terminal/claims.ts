/** The audited gain, beside the gain by the run's own scores. */
import { gain, undoneKeeps, type Audit, type Estimate, type RunView } from '../../../src/plugin.ts';
import { number, oneLine } from './format.ts';

/** `estimate -0.0021 ± 0.0010`, or with both ends where the two sides differ. */
export function estimateText({ effect, low, high }: Estimate, decimals: number): string {
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${number(value, decimals)}`;
  if (!isBounded(low, high)) return `estimate ${signed(effect)}`;
  const [down, up] = [effect - low, high - effect];
  const isEven = Math.abs(up - down) <= Math.max(10 ** -decimals, 0.1 * Math.max(up, down));
  const digits = Math.max(decimals, up + down > 0 ? Math.min(8, -Math.floor(Math.log10((up + down) / 2))) : 0);
  return `estimate ${signed(effect)} ${isEven ? `± ${number((up + down) / 2, digits)}` : `(${signed(low)}..${signed(high)})`}`;
}

/** `audited gain 0.43 (95% 0.41 to 0.45)`, or plainly that none is shown. */
export function claimText({ claim }: Pick<Audit, 'claim'>, run: Pick<RunView, 'objective'>, decimals: number): string {
  const sign = claim.shown === 'loss' ? -1 : 1;
  const won = (value: number): number => sign * gain(value, 0, run.objective.direction);
  const ends = [won(claim.low), won(claim.high)].sort((a, b) => a - b).map((end) => number(end, decimals));
  const words = { gain: 'audited gain', none: 'no gain shown:', loss: 'audited loss' }[claim.shown];
  return `${words} ${number(won(claim.value), decimals)} (95% ${ends.join(' to ')})`;
}

/** One line for an audit when it is over. */
export function auditLine(audit: Audit, run: RunView, decimals: number): string {
  const of = `audit of #${audit.final.id} against #${audit.anchor.id}`;
  if (!isBounded(audit.claim.low, audit.claim.high)) return `${of}: ${oneLine(audit.text)}`;
  const raw = number(gain(audit.raw, 0, run.objective.direction), decimals);
  const guards = audit.failures.length === 0 ? '' : `; guards failed: ${oneLine(audit.failures.join(', '))}`;
  const after = audit.rolledBack ? `; rolled back to #${(audit.back ?? audit.anchor).id}` : '';
  return `${of}: ${claimText(audit, run, decimals)}, the raw scores say ${raw}${guards}${after}`;
}

/** The last audit that measured something and whose experiment was not rolled back. */
export function standingAudit(run: RunView): Audit | undefined {
  const undone = undoneKeeps(run);
  return run.audits.findLast((audit) => isBounded(audit.claim.low, audit.claim.high) && !audit.rolledBack && !undone.has(audit.final.id));
}

/** From the baseline to the incumbent; scores from before and after a drift cannot be compared, so there the keeps are added up. */
export function gained(run: RunView): { value: number; hasDrifted: boolean } | null {
  const { baseline, incumbent, history, objective } = run;
  if (!baseline?.score || !incumbent?.score) return null;
  if (!history.some(isDrift)) return { value: gain(incumbent.score.value, baseline.score.value, objective.direction), hasDrifted: false };
  const undone = undoneKeeps(run);
  const standing = history.filter((row) => row.verdict === 'keep' && row.delta !== null && !undone.has(row.id));
  return { value: standing.reduce((sum, { delta }) => sum + gain(delta ?? 0, 0, objective.direction), 0), hasDrifted: true };
}

function isDrift({ kind, reason }: RunView['history'][number]): boolean {
  return kind === 'control' && reason.code === 'DRIFT';
}

/** An audit that could not be done has infinite bounds, and null for them in the record. */
function isBounded(low: unknown, high: unknown): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}
