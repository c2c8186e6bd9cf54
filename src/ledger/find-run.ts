/** Which runs a repository has, and which one is meant. */
import { AutoresearchError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { ledgerRef } from './ledger.ts';
import { readObjects } from './read.ts';
import type { LedgerRecord } from './records.ts';

interface LastEntry {
  readonly run: string;
  /** Of the last commit, in whole seconds since 1970: git keeps no more. */
  readonly second: number;
}

/** Names of the runs a repository has, the one written last first. */
export async function listRuns(git: Git): Promise<string[]> {
  const out = await git.run(['for-each-ref', '--sort=-committerdate', '--format=%(committerdate:unix) %(refname)', 'refs/autoresearch/']);
  const last = [...out.matchAll(/^(\d+) refs\/autoresearch\/(.+)\/ledger$/gm)].map(([, second, run = '']): LastEntry => ({
    run,
    second: Number(second),
  }));
  const tied = last.filter(({ second }, at) => last[at - 1]?.second === second || last[at + 1]?.second === second);
  if (tied.length === 0) return last.map(({ run }) => run);
  const times = await timesOf(git, tied);
  const timeOf = ({ run, second }: LastEntry) => times.get(run) ?? second * 1000;
  return last.toSorted((a, b) => b.second - a.second || timeOf(b) - timeOf(a)).map(({ run }) => run);
}

/** When the last record of each run was written, in milliseconds since 1970. */
async function timesOf(git: Git, entries: readonly LastEntry[]): Promise<Map<string, number>> {
  const objects = await readObjects(
    git,
    entries.map(({ run }) => `${ledgerRef(run)}:record.json`),
  );
  return new Map(entries.map(({ run }, index) => [run, timeOfRecord(objects[index]?.text)]));
}

/** 0 where the record is not there or cannot be read: to say so is the work of the command that reads the run. */
function timeOfRecord(text: string | undefined): number {
  try {
    const record = JSON.parse(text ?? '{}') as Partial<LedgerRecord>;
    const at = 'settledAt' in record ? record.settledAt : 'at' in record ? record.at : undefined;
    return Date.parse(at ?? '') || 0;
  } catch {
    return 0;
  }
}

/** Names of runs whose import was cut short. */
export async function listImporting(git: Git): Promise<string[]> {
  const out = await git.run(['for-each-ref', '--format=%(refname)', 'refs/autoresearch/']);
  return [...out.matchAll(/^refs\/autoresearch\/(.+)\/importing$/gm)].map((match) => match[1] ?? '');
}

/** The run named, else the last one; RUN_NOT_FOUND says which there are. */
export async function findRun(git: Git, name: string | undefined): Promise<string> {
  const runs = await listRuns(git);
  const found = name === undefined ? runs[0] : runs.find((run) => run === name);
  if (found !== undefined) return found;
  const importing = await listImporting(git);
  const cut = name === undefined ? importing[0] : importing.find((run) => run === name);
  if (cut !== undefined) {
    throw new AutoresearchError('RUN_NOT_FOUND', `the import of "${cut}" was cut short, so there is no such run yet`, {
      hint: 'import the log again; or remove it: autoresearch doctor --fix',
    });
  }
  const known =
    runs.length > 0 ? `runs here: ${runs.join(', ')}` : 'start one with: autoresearch run (autoresearch init writes its config)';
  throw new AutoresearchError('RUN_NOT_FOUND', name === undefined ? 'this repository has no run yet' : `there is no run "${name}"`, {
    hint: known,
  });
}
