import type { Direction, Trial } from '../experiment.ts';
import { COMMITTER, type Git } from '../git/git.ts';
import { ObjectWriter, treeOfFiles, type HashName } from '../git/objects.ts';
import { RefUpdates } from '../git/ref-updates.ts';
import { ledgerMessage } from './message.ts';
import { isExperiment, keptAlive, type LedgerRecord } from './records.ts';

/** Gives the text of a commit with a signature in it. */
export type SignEntry = (text: string, hash: HashName) => string;

/** How much of a trial's log the record keeps. */
const LOG_BYTES = 64 * 1024;

export const ledgerRef = (run: string) => `refs/autoresearch/${run}/ledger`;
/** Where an import is until all of it is there. */
export const importingRef = (run: string) => `refs/autoresearch/${run}/importing`;
export const branchName = (run: string) => `autoresearch/${run}`;

/**
 * The record of a run: one commit per settled experiment on a ref of its own. Parent 1 is the entry
 * before, parent 2 the candidate, then its crashed forerunners, so that whatever was tried stays reachable.
 * One writer at a time: each entry is written onto the one before.
 */
export class Ledger {
  readonly #git: Git;
  readonly #run: string;
  readonly #objective: { label: string; direction: Direction };
  readonly #ref: string;
  readonly #refs: RefUpdates;
  readonly #sign: SignEntry | undefined;
  #objects: ObjectWriter | null = null;
  #tip: string | null;

  constructor(
    git: Git,
    run: string,
    objective: { label: string; direction: Direction },
    tip: string | null,
    { ref = ledgerRef(run), sign }: { readonly ref?: string; readonly sign?: SignEntry | undefined } = {},
  ) {
    this.#sign = sign;
    this.#git = git;
    this.#ref = ref;
    this.#run = run;
    this.#objective = objective;
    this.#tip = tip;
    this.#refs = new RefUpdates(git);
  }

  /** Writes a record, and where `branch` is given moves the run's branch there: both or none. */
  async append(record: LedgerRecord, { log = '', branch }: { log?: string; branch?: string | undefined } = {}): Promise<string> {
    const objects = (this.#objects ??= await ObjectWriter.open(this.#git));
    const parents = [...(this.#tip === null ? [] : [this.#tip]), ...keptAlive(record)];
    await this.#requireCommits(parents.filter((commit) => !objects.isLoose(commit)));
    const files = [...filesOf(record), ['log.txt', log], ['record.json', `${JSON.stringify(withoutItems(record), null, 1)}\n`]] as const;
    const tree = treeOfFiles(files.map(([name, text]) => ({ name, id: objects.write('blob', text) })));
    const who = `${COMMITTER} ${Math.floor(Date.now() / 1000)} +0000`;
    const lines = [
      `tree ${objects.write('tree', tree)}`,
      ...parents.map((commit) => `parent ${commit}`),
      `author ${who}`,
      `committer ${who}`,
      '',
      ledgerMessage(record, this.#run, this.#objective),
    ];
    const text = lines.join('\n');
    const commit = objects.write('commit', this.#sign?.(text, objects.hash) ?? text);
    const entry = { ref: this.#ref, to: commit, from: this.#tip };
    await this.#refs.update([entry, ...(branch === undefined ? [] : [{ ref: `refs/heads/${branchName(this.#run)}`, to: branch }])]);
    this.#tip = commit;
    return commit;
  }

  /** Ends the process that moves the ref, which otherwise ends by itself after a while. */
  close(): void {
    this.#refs.end();
  }

  /** An entry must not refer to commits that somebody's `git gc` has taken away. */
  async #requireCommits(commits: readonly string[]): Promise<void> {
    if (commits.length > 0) await this.#git.run(['rev-list', '--no-walk', '--quiet', ...commits, '--']);
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
function filesOf(record: LedgerRecord): [string, string][] {
  const trials = isExperiment(record)
    ? [...record.trials, ...(record.beside ?? [])]
    : record.kind === 'audit'
      ? [...record.audit.trials.final, ...record.audit.trials.anchor]
      : [];
  return trials.some((trial) => trial.items) ? [['items.json', JSON.stringify(trials.map((trial) => trial.items ?? null))]] : [];
}

/** The end of a log within the size the record keeps; control characters but newline and tab are taken out. */
export function boundLog(log: string): string {
  return log.slice(-LOG_BYTES).replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
