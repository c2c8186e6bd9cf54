import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { Config } from '../config/types.ts';
import { machine } from '../engine/session/machine.ts';
import { chooseRunName } from '../model/run-name.ts';
import { AutoresearchError, messageOf } from '../errors.ts';
import type { Direction } from '../experiment.ts';
import { openRepository, resolveCommit } from '../git/repository.ts';
import { importingRef, Ledger, ledgerRef } from '../ledger/ledger.ts';
import { listRuns } from '../ledger/find-run.ts';
import type { OpeningRecord } from '../ledger/records.ts';
import { findCommits, tipOfBranch } from './commits.ts';
import { recordsOf } from './records.ts';
import { isCommitId } from './cells.ts';
import { readLog } from './read-log.ts';

export interface ImportRequest {
  readonly cwd: string;
  /** The log, from `cwd`. */
  readonly file: string;
  readonly name?: string;
  /** The branch the log tells of: its commits become candidates. */
  readonly branch?: string;
  /** Without it as the log says, or as its keeps went. */
  readonly direction?: Direction;
  /** Columns and words of the log, as `--map` has them. */
  readonly map?: readonly string[];
  /** Which part of a log that began anew. */
  readonly segment?: number;
  /** What is known of the noise of one trial, in units of the score. */
  readonly sigma?: number;
}

/**
 * Writes the log of another loop into the ledger as a run of its own. Everything is checked before anything is written.
 * @throws AutoresearchError(s) IMPORT_INVALID, USAGE, RUN_EXISTS, GIT_NOT_A_REPOSITORY, GIT_NO_COMMIT
 */
export async function importRun(request: ImportRequest): Promise<{ opening: OpeningRecord; notes: readonly string[] }> {
  const { cwd, branch } = request;
  const file = relative(cwd, resolve(cwd, request.file)) || request.file;
  const bytes = readBytes(request, file);
  const log = readLog(bytes, file, request);
  const repository = await openRepository(cwd);
  const { git, prefix } = repository;
  const start = branch === undefined ? await resolveCommit(repository) : await tipOfBranch(git, branch);
  const taken = await listRuns(git);
  const run = chooseRunName(request.name ?? nameFrom(branch, taken), taken);
  const commits =
    branch === undefined ? new Map<string, never>() : await findCommits(git, log.rows.map(({ commit }) => commit).filter(isCommitId));
  const base = commits.get(log.rows[0]?.commit ?? '')?.id ?? start;
  const at = new Date().toISOString();
  const opening: OpeningRecord = {
    v: 1,
    kind: 'opened',
    run,
    base,
    at,
    ...machine(),
    platform: `${process.platform} ${process.arch}`,
    projectPrefix: prefix,
    config: configOf(request.sigma),
    objective: { label: log.metric, direction: log.direction.direction },
    plugins: [],
    imported: {
      file: basename(file),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      rows: log.rows.length,
      commits: log.rows.filter(({ commit }) => commits.has(commit)).length,
      branch: branch ?? null,
    },
  };
  // What a kill leaves of it is no run, and the next import of that name begins anew.
  const importing = importingRef(run);
  await git.run(['update-ref', '-d', importing]);
  const ledger = new Ledger(git, run, opening.objective, null, { ref: importing });
  await ledger.append(opening);
  for (const record of recordsOf({ run, file: basename(file), log, commits, base, at })) await ledger.append(record);
  const text = `imported from ${basename(file)}`;
  const tip = await ledger.append({ v: 1, kind: 'stopped', at, outcome: 'stopped', reason: { code: 'IMPORTED', text } });
  await git.run(['update-ref', '--stdin'], { input: `create ${ledgerRef(run)} ${tip}\ndelete ${importing}\n` });
  return { opening, notes: log.notes };
}

function readBytes({ cwd, file }: ImportRequest, shown: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, file));
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const text = isMissing ? 'there is no such file' : `the log cannot be read: ${messageOf(cause)}`;
    throw new AutoresearchError('IMPORT_INVALID', text, { at: { file: shown }, cause });
  }
}

/** The last part of the branch, where that can be the name of a run and is free. */
function nameFrom(branch: string | undefined, taken: readonly string[]): string | undefined {
  const name = branch?.split('/').at(-1);
  if (name === undefined || taken.includes(name)) return undefined;
  try {
    return chooseRunName(name, []);
  } catch {
    return undefined;
  }
}

/** There was no config of ours: nothing in it can be run. */
function configOf(sigma: number | undefined): Config {
  return {
    root: '.',
    scope: { edit: [], protect: [] },
    workspace: { link: [], outputs: [], holdout: [], env: [], readable: [], writable: [] },
    data: [],
    objective: { use: 'import' },
    agent: [],
    prompt: { historyTokens: 0, logChars: 0 },
    trainer: { use: 'import', timeout: '0s', trials: 1, interleave: false, network: false },
    metrics: {},
    gates: [],
    reporters: [],
    noise: { driftZ: 3, ...(sigma !== undefined && { sigma }) },
    sandbox: 'off',
    slots: [],
    budget: {},
    stop: { crashes: 0, empty: 0 },
    seed: 0,
    plugins: [],
  };
}
