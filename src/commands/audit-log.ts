import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { readExperiments } from '../ledger/read.ts';
import type { AuditLogFlags } from '../program-review.ts';
import { auditLogOf, type AuditLog } from '../review/audit-log.ts';
import { renderAuditCsv } from '../review/audit-log-csv.ts';
import { renderAuditMarkdown } from '../review/audit-log-md.ts';
import { openRun, print } from './read.ts';

const AUDIT_FORMATS = {
  md: renderAuditMarkdown,
  csv: renderAuditCsv,
  json: (log: AuditLog) => `${JSON.stringify(log, null, 2)}\n`,
} as const;

export async function auditLog(run: string | undefined, { format = 'md', out }: AuditLogFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const text = AUDIT_FORMATS[format](auditLogOf(record, await readExperiments(repository.git, record)));
  if (out === undefined) {
    print(text);
    return 0;
  }
  makeFolders(dirname(resolve(out)));
  writeFileSync(resolve(out), text);
  return 0;
}
