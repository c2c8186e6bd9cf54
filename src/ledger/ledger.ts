import type { Direction, Trial } from '../experiment.ts';
import { AutoresearchError } from '../errors.ts';
import { COMMITTER, type Git } from '../git/git.ts';
import { ledgerMessage } from './message.ts';
import { isExperiment, keptAlive, type LedgerRecord } from './records.ts';

/** How much of a trial's log the record keeps. */
const LOG_BYTES = 64 * 1024;

export const ledgerRef = (run: string) => `refs/autoresearch/${run}/ledger`;
/** Where an import is until all of it is there. */
export const importingRef = (run: string) => `refs/autoresearch/${run}/importing`;
export const branchName = (run: string) => `autoresearch/${run}`;

/**
 * The record of a run: one commit per settled experiment on a ref of its own. Parent 1 is the entry
 * before, parent 2 the candidate, then its crashed forerunners, so that whatever was tried stays reachable.
 */
export class Ledger {
  readonly #git: Git;
  readonly #run: string;
  readonly #objective: { label: string; direction: Direction };
  readonly #ref: string;
  #tip: string | null;

  constructor(git: Git, run: string, objective: { label: string; direction: Direction }, tip: string | null, ref = ledgerRef(run)) {
    this.#git = git;
    this.#ref = ref;
    this.#run = run;
    this.#objective = objective;
    this.#tip = tip;
  }

  /** Writes a record, and where `branch` is given moves the run's branch there, in one git process. */
  async append(record: LedgerRecord, { log = '', branch }: { log?: string; branch?: string | undefined } = {}): Promise<string> {
    const ref = this.#ref;
    const commits = keptAlive(record);
    const stream = [
      'feature done\n',
      `commit ${ref}\nmark :1\ncommitter ${COMMITTER} ${Math.floor(Date.now() / 1000)} +0000\n`,
      data(ledgerMessage(record, this.#run, this.#objective)),
      this.#tip === null ? '' : `from ${this.#tip}\n`,
      ...commits.map((commit) => `merge ${commit}\n`),
      'deleteall\n',
      `M 100644 inline record.json\n${data(`${JSON.stringify(withoutItems(record), null, 1)}\n`)}`,
      itemsFile(record),
      `M 100644 inline log.txt\n${data(log)}`,
      'get-mark :1\n',
      branch === undefined ? '' : `reset refs/heads/${branchName(this.#run)}\nfrom ${branch}\n\n`,
      'done\n',
    ];
    const out = await this.#git.run(['fast-import', '--quiet'], { input: stream.join('') });
    const commit = out.trim();
    if (!/^[0-9a-f]{40,64}$/.test(commit)) {
      throw new AutoresearchError('LEDGER_BROKEN', `git fast-import did not answer with a commit: ${commit}`, {
        hint: 'autoresearch verify',
      });
    }
    this.#tip = commit;
    return commit;
  }
}

/** Items can be many thousand: they have a file of their own, which lists and reports do not open. */
function withoutItems(record: LedgerRecord): LedgerRecord {
  if (isExperiment(record)) return { ...record, trials: bare(record.trials), ...(record.beside && { beside: bare(record.beside) }) };
  if (record.kind !== 'audit') return record;
  const { final, anchor } = record.audit.trials;
  return { ...record, audit: { ...record.audit, trials: { final: bare(final), anchor: bare(anchor) } } };
}

function bare(trials: readonly Trial[]): Trial[] {
  return trials.map(({ items: _items, ...trial }) => trial);
}

/** By trial, those of the candidate before those beside it, those of an audit's final commit before those of its anchor. */
function itemsFile(record: LedgerRecord): string {
  const trials = isExperiment(record)
    ? [...record.trials, ...(record.beside ?? [])]
    : record.kind === 'audit'
      ? [...record.audit.trials.final, ...record.audit.trials.anchor]
      : [];
  if (!trials.some((trial) => trial.items)) return '';
  return `M 100644 inline items.json\n${data(JSON.stringify(trials.map((trial) => trial.items ?? null)))}`;
}

/** The end of a log within the size the record keeps; control characters but newline and tab are taken out. */
export function boundLog(log: string): string {
  return log.slice(-LOG_BYTES).replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
