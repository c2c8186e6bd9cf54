import type { Repository } from '../git/repository.ts';
import { importingRef, ledgerRef } from '../ledger/ledger.ts';
import { listImporting, listRuns } from '../ledger/find-run.ts';
import { readRun } from '../ledger/read.ts';
import type { Finding } from './finding.ts';

/** Unfinished imports. Removing them loses nothing, since the user still has the log. */
export async function findImports({ git }: Repository): Promise<Finding[]> {
  const remove = (ref: string) => async () => void (await git.run(['update-ref', '-d', ref]));
  const findings = (await listImporting(git)).map((run): Finding => {
    return {
      kind: 'import',
      text: `the import of ${run} is incomplete: import the log again, or remove it`,
      fix: remove(importingRef(run)),
    };
  });
  for (const run of await listRuns(git)) {
    const { opening, sessions, summaries } = await readRun(git, run);
    if (opening.imported === undefined || sessions.some(({ kind }) => kind === 'stopped')) continue;
    const rows = `${summaries.length} of ${opening.imported.rows} rows`;
    const text = `the import of ${run} was cut short after ${rows}: remove it, and import the log again`;
    findings.push({ kind: 'import', text, fix: remove(ledgerRef(run)) });
  }
  return findings;
}
