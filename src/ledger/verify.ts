import type { Git } from '../git/git.ts';
import { isCheckedOut } from '../git/run-refs.ts';
import { Incumbents } from '../model/incumbents.ts';
import type { Summary } from '../contract/run-view.ts';
import { branchName, ledgerRef } from './ledger.ts';
import { readSummary } from './message.ts';
import { checkOrder } from './verify-order.ts';
import { checkBytes } from './verify-bytes.ts';
import { checkReviews } from './verify-reviews.ts';
import { readEntries, readRecords, type Entry } from './read.ts';
import { isExperiment, keptAlive, type LedgerRecord } from './records.ts';
import { summarize } from '../model/summarize.ts';

export interface Verification {
  readonly run: string;
  readonly entries: number;
  readonly experiments: number;
  /** The contradictions that were found; empty if there are none. */
  readonly problems: readonly string[];
}

/** Checks that git's objects are whole, that each entry follows from the one before, and that the branch is the last keep. */
export async function verifyRun(git: Git, run: string): Promise<Verification> {
  const entries = await readEntries(git, run);
  const records = await readRecords(
    git,
    entries.map((entry) => entry.commit),
  );
  const problems = [
    ...(await checkObjects(git, run)),
    ...(await checkBytes(git, entries)),
    ...checkChain(entries, records),
    ...checkOrder(records, { imported: isImported(records) }),
    ...checkImport(records),
    ...(await checkParents(git, records)),
    ...(await checkReviews(
      git,
      records,
      entries.map((entry) => entry.commit),
    )),
  ];
  if (!isImported(records)) problems.push(...(await checkBranch(git, run, records)));
  return { run, entries: entries.length, experiments: records.filter(isExperiment).length, problems };
}

/** How another tool used its branch is not checked. */
function isImported([opening]: readonly LedgerRecord[]): boolean {
  return opening?.kind === 'opened' && opening.imported !== undefined;
}

/** An import of a version that wrote row by row, cut short. */
function checkImport(records: readonly LedgerRecord[]): string[] {
  const isCut = isImported(records) && !records.some((record) => record.kind === 'stopped');
  return isCut ? ['its import was cut short: autoresearch doctor --fix removes it, then import the log again'] : [];
}

async function checkObjects(git: Git, run: string): Promise<string[]> {
  const { code, out } = await git.ask(['fsck', '--no-dangling', '--no-progress', '--connectivity-only', ledgerRef(run)], {
    accept: [1, 2, 3, 4, 5, 6, 7, 8],
  });
  return code === 0 ? [] : [`git fsck of the ledger fails with code ${code}: ${out.trim().split('\n')[0] ?? ''}`];
}

function checkChain(entries: readonly Entry[], records: readonly LedgerRecord[]): string[] {
  return entries.flatMap(({ commit, parents, message }, index) => {
    const record = records[index];
    if (record === undefined) return [`entry ${commit} has no record`];
    const before = entries[index - 1]?.commit;
    const expected = [...(before === undefined ? [] : [before]), ...keptAlive(record)];
    const name = isExperiment(record) ? `#${record.id}` : record.kind;
    const problems = expected.join() === parents.join() ? [] : [`${name}: its parents are ${parents.join(' ')}, not ${expected.join(' ')}`];
    if (isExperiment(record) && !same(readSummary(message), summarize(record)))
      problems.push(`${name}: the summary in its message differs from its record`);
    if (index === 0 && record.kind !== 'opened') problems.push('the ledger does not begin with an opening record');
    return problems;
  });
}

/** Each candidate must be a change on the parent its record names, or have the files of one that is, on top of the incumbent. */
async function checkParents(git: Git, records: readonly LedgerRecord[]): Promise<string[]> {
  // A control is the incumbent again and not a change.
  const candidates = records.filter(isExperiment).filter((record) => record.candidate !== null && record.candidate !== record.parent);
  const commits = candidates.flatMap(({ candidate, measured }) => [candidate ?? '', ...(measured === undefined ? [] : [measured])]);
  const input = commits.map((commit) => `${commit}\n`).join('');
  const out = input === '' ? '' : await git.run(['log', '--no-walk=unsorted', '--format=%H %T %P', '--stdin'], { input });
  const found = new Map(out.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1)]));
  const imported = isImported(records);
  return candidates.flatMap(({ id, candidate, measured, parent: named, incumbent }) => {
    const [, ...parents] = found.get(measured ?? candidate ?? '') ?? [];
    const isRight = parents.join(' ') === named || (imported && (parents.length === 0 || parents[0] === named));
    const problems = isRight ? [] : [`#${id}: its candidate's parent is ${parents.join(' ')}, not ${named}`];
    if (measured === undefined) return problems;
    const tip = candidates.find((other) => other.id === incumbent?.id)?.candidate;
    const [tree, ...both] = found.get(candidate ?? '') ?? [];
    if (tree !== found.get(measured)?.[0]) problems.push(`#${id}: its candidate has other files than ${measured}, which was measured`);
    if (tip !== undefined && both.join(' ') !== `${tip} ${measured}`)
      problems.push(`#${id}: its candidate's parents are ${both.join(' ')}, not the incumbent ${tip} and ${measured}`);
    return problems;
  });
}

async function checkBranch(git: Git, run: string, records: readonly LedgerRecord[]): Promise<string[]> {
  const keeps = records.filter(isExperiment).filter((record) => record.verdict === 'keep');
  const incumbents = new Incumbents();
  for (const record of records) {
    if (isExperiment(record)) incumbents.settle(record);
    else if (record.kind === 'audit') incumbents.audit(record.audit);
  }
  const last = keeps.find((record) => record.id === incumbents.current);
  const { code, out } = await git.ask(['rev-parse', '--verify', '--quiet', `refs/heads/${branchName(run)}`], { accept: [1] });
  if (code !== 0) return [];
  const tip = out.trim();
  // While somebody has the branch checked out, the run does not move it.
  if (keeps.some((record) => record.candidate === tip) && (await isCheckedOut(git, branchName(run)))) return [];
  return last === undefined || tip === last.candidate
    ? []
    : [`branch ${branchName(run)} is at ${tip}, the last keep #${last.id} is ${last.candidate}`];
}

/** A summary of an earlier version may have other fields; those that both have must agree with the record. */
function same(written: Summary | null, made: Summary): boolean {
  if (written === null) return false;
  const facts = new Map<string, unknown>([...Object.entries(made), ['control', made.kind === 'control']]);
  return Object.entries(written).every(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(facts.get(key)) || (key === 'belief' && !facts.has(key)),
  );
}
