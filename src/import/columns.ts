/** Which column of a log says what. */
import { isMissing, isWords, readNumber } from './cells.ts';
import type { RawLog } from './raw-log.ts';
import { meaningOf, type Meaning } from './status-words.ts';

export const ROLES = ['id', 'score', 'status', 'description', 'memory', 'time', 'hypothesis'] as const;
export type Role = (typeof ROLES)[number];

/** The index of each column that was found. */
export type Columns = Partial<Record<Role, number>> & { readonly numbers: readonly number[] };

/** Names in order of preference; compared in lower case with `_` for blanks. */
const NAMES: Readonly<Record<Exclude<Role, 'score'>, string>> = {
  id: `commit git_commit commit_hash commit_sha commit_id commit_after experiment_commit candidate_commit candidate_ref sha hash git_hash rev
    revision version id exp_id experiment_id run_id config_id trial_id exp experiment run iteration iter round trial attempt step_id name
    tag # no nr num index commit_before`,
  status:
    'decision verdict kept accepted keep keep_discard is_kept status outcome action result state improved success judgement judgment 状态 结果',
  description: `description desc title change changes description_of_change experiment_description notes note idea summary what strategy comment
    comments message details detail hypothesis change_summary modification experiment approach intent config review_note 描述 说明 策略`,
  memory: `memory_gb mem_gb vram_gb peak_vram_gb peak_memory_gb gpu_mem_gb memory peak_memory vram peak_vram memory_mb mem_mb vram_mb
    peak_vram_mb vram_peak_mb peak_memory_mb peak_mem_mb memory_mib`,
  time: 'timestamp time_stamp datetime date created_at started_at time ts at',
  hypothesis: 'hypothesis rationale reasoning why reason motivation',
};

const SCORES =
  `score metric metric_value primary primary_metric objective objective_value fitness value val_bpb bpb val_loss validation_loss
  eval_loss val_score val_acc val_accuracy accuracy acc auc f1 reward mean_score avg_score result best_score test_score new_score after`.split(
    /\s+/,
  );
const RATE =
  /(?:tok|token|step|req|op|item|sample|image|frame)s?_?(?:per_?s|\/s|_s(?:ec)?$)|per_sec|throughput|tok_?s$|qps|rps|fps|tps|mfu|speed/;
const BESIDE =
  /mem|vram|_gb$|_mb$|^mb$|bytes|time|date|sec|minutes|_ms$|step|param|epoch|batch|seed|delta|diff|gain|token|count|iter|round|run$|run_id|trial|cost|usd|budget|^n_|^num|_id$|^id$|^exp(?:eriment)?(?:_|$)|^#|^no$|lr$|thread|depth|layers?$|width|size|confidence|target|baseline|best|complexity|lines|guard|segment|before|position|temperature|top_p/;

export function nameOf(header: string): string {
  return header
    .trim()
    .replace(/[*`]/g, '')
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/_*\(.*\)$/, '');
}

/** The roles of the columns, by their names and, where these do not tell, by what stands in them. */
export function findColumns(log: RawLog, asked: ReadonlyMap<Role, number>, own: ReadonlyMap<string, Meaning>): Columns {
  const names = log.header?.map(nameOf) ?? [];
  const width = log.header?.length ?? Math.max(0, ...log.rows.map(({ cells }) => cells.length));
  const cellsOf = (column: number) => log.rows.map(({ cells }) => cells[column] ?? '').filter((cell) => !isMissing(cell));
  const all = Array.from({ length: width }, (_, column) => column);
  const numbers = all.filter((column) => isNumeric(cellsOf(column)));
  const found: Partial<Record<Role, number>> = Object.fromEntries(asked);
  const taken = () => new Set(Object.values(found));
  const named = (role: Exclude<Role, 'score'>, fits: (column: number) => boolean = () => true) =>
    NAMES[role]
      .split(/\s+/)
      .flatMap((name) => all.filter((column) => names[column] === name && !taken().has(column)))
      .find(fits);
  const set = (role: Role, column: number | undefined) => {
    if (column !== undefined) found[role] ??= column;
  };

  if (!asked.has('status')) {
    const isStatus = (column: number) => share(cellsOf(column), (cell) => meaningOf(cell, own) !== null) >= 0.5;
    const byWords = all.findLast((column) => !numbers.includes(column) && cellsOf(column).length > 0 && isVerdicts(cellsOf(column)));
    set(
      'status',
      named('status', isStatus) ?? (log.header === null ? byWords : (named('status', (column) => !numbers.includes(column)) ?? byWords)),
    );
  }
  set('memory', asked.get('memory') ?? named('memory', (column) => numbers.includes(column)));
  set('time', asked.get('time') ?? named('time'));
  set('score', asked.get('score') ?? scoreColumn(log, names, numbers, taken()));
  const isShort = (column: number) => share(cellsOf(column), (cell) => !/\s\S+\s/.test(cell)) > 0.5;
  set(
    'id',
    asked.get('id') ??
      (log.header === null
        ? all.find((column) => !taken().has(column))
        : (named('id', isShort) ?? all.find((column) => isCounter(log, column)))),
  );
  const isText = (column: number) => share(cellsOf(column), (cell) => readNumber(cell) === null) > 0.5;
  set(
    'description',
    asked.get('description') ??
      named('description', isText) ??
      (log.header === null
        ? longest(
            all.filter((column) => !numbers.includes(column)),
            cellsOf,
            taken(),
          )
        : undefined),
  );
  set('hypothesis', asked.get('hypothesis') ?? named('hypothesis', isText));
  if (log.header === null)
    set(
      'id',
      all.find((column) => !taken().has(column)),
    );
  const used = taken();
  return { ...found, numbers: numbers.filter((column) => !used.has(column)) };
}

/** The column called like a score, else the first number that is none of memory, time, counters and settings. */
function scoreColumn(log: RawLog, names: readonly string[], numbers: readonly number[], taken: ReadonlySet<number>): number | undefined {
  const free = numbers.filter((column) => !taken.has(column));
  const varied = free.filter((column) => !isCounter(log, column) && !isConstant(log, column));
  const said = log.says.metric === undefined ? undefined : free.find((column) => names[column] === nameOf(log.says.metric ?? ''));
  const known = SCORES.map((name) => free.find((column) => names[column] === name)).find((column) => column !== undefined);
  if (log.header === null) return free.length === 1 ? free[0] : classic(log, free);
  return (
    said ??
    known ??
    varied.find((column) => RATE.test(names[column] ?? '') || !BESIDE.test(names[column] ?? '')) ??
    (free.length === 1 ? free[0] : undefined)
  );
}

/** Without a header: the five columns of the original, with the score in the second. */
function classic({ rows }: RawLog, free: readonly number[]): number | undefined {
  return free[0] === 1 && free.length <= 2 && rows.every(({ cells }) => cells.length <= 5) ? 1 : undefined;
}

function isConstant({ rows }: RawLog, column: number): boolean {
  return rows.length > 2 && new Set(rows.map(({ cells }) => cells[column])).size === 1;
}

/** 1, 2, 3 …, from any number on. */
function isCounter({ rows }: RawLog, column: number): boolean {
  const values = rows.map(({ cells }) => readNumber(cells[column] ?? ''));
  return values.length > 2 && values.every((value, index) => value !== null && value - index === values[0] && Number.isInteger(value));
}

function isNumeric(cells: readonly string[]): boolean {
  const values = cells.filter((cell) => !isWords(cell));
  return values.length > 0 && share(values, (cell) => readNumber(cell) !== null) >= 0.6;
}

/** Without a name for it: a column in which most cells are verdicts, and some are keeps or discards. */
function isVerdicts(cells: readonly string[]): boolean {
  const meanings = cells.map((cell) => (cell.length > 40 ? null : meaningOf(cell)));
  return share(meanings, (meaning) => meaning !== null) >= 0.8 && meanings.some((meaning) => meaning === 'keep' || meaning === 'discard');
}

function longest(all: readonly number[], cellsOf: (column: number) => readonly string[], taken: ReadonlySet<number>): number | undefined {
  const lengths = all.filter((column) => !taken.has(column)).map((column) => ({ column, length: cellsOf(column).join('').length }));
  return lengths.toSorted((a, b) => b.length - a.length)[0]?.column;
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(test).length / items.length;
}
