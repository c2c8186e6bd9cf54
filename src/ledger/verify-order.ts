import { Incumbents } from '../model/incumbents.ts';
import type { SettledExperiment } from '../experiment.ts';
import { isExperiment, type LedgerRecord } from './records.ts';

/**
 * Checks what the order of the entries decides: that numbers are unique, that none is missing without a word, and that each
 * experiment was made on a commit that had been the incumbent, and was compared with the one that was it when it was decided.
 */
export function checkOrder(records: readonly LedgerRecord[], { imported }: { readonly imported: boolean }): string[] {
  return [...checkNumbers(records), ...(imported ? [] : checkBases(records))];
}

function checkNumbers(records: readonly LedgerRecord[]): string[] {
  const problems: string[] = [];
  const seen = new Set<number>();
  /** Numbers that a session, at its end, recorded as given and not used. */
  const unused = new Set<number>();
  /** The number below which every experiment must be there, because a session has ended and left nothing in flight. */
  let whole = 0;
  let next = 0;
  for (const record of records) {
    if (isExperiment(record)) {
      if (seen.has(record.id)) problems.push(`#${record.id}: there is another experiment with this number`);
      seen.add(record.id);
      next = Math.max(next, record.id + 1);
    } else if (record.kind === 'stopped') {
      for (const id of record.unused ?? []) unused.add(id);
      whole = next;
    }
  }
  for (let id = 0; id < whole; id++) {
    if (!seen.has(id) && !unused.has(id)) problems.push(`#${id} is missing, and no session says that its number was not used`);
  }
  return problems;
}

function checkBases(records: readonly LedgerRecord[]): string[] {
  const problems: string[] = [];
  const incumbents = new Incumbents();
  const commits = new Map<number | null, string | null>();
  for (const record of records) {
    if (!isExperiment(record)) {
      if (record.kind === 'opened') commits.set(null, record.base);
      if (record.kind === 'audit') incumbents.audit(record.audit);
      continue;
    }
    problems.push(...checkBasis(record, commits), ...checkComparison(record, incumbents.current));
    incumbents.settle(record);
    if (record.verdict === 'keep') commits.set(record.id, record.candidate);
  }
  return problems;
}

function checkBasis({ id, parent, basis }: SettledExperiment, commits: ReadonlyMap<number | null, string | null>): string[] {
  const name = basis.incumbent === null ? 'where the run started' : `the commit of #${basis.incumbent}, which had been kept`;
  const isKnown = parent === basis.commit && commits.get(basis.incumbent) === parent;
  return isKnown ? [] : [`#${id}: it was made on ${parent}, which is not ${name}`];
}

/** Without a score nothing was compared. */
function checkComparison({ id, incumbent }: SettledExperiment, current: number | undefined): string[] {
  if (incumbent === null || incumbent.id === current) return [];
  return [`#${id}: it was compared with #${incumbent.id}, and the incumbent was ${current === undefined ? 'none yet' : `#${current}`}`];
}
