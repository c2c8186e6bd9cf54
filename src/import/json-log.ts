/** Logs in JSON: one object a line, or a list of them. */
import { readDirection, type RawLog } from './raw-log.ts';

type Fields = Record<string, unknown>;
interface Entry {
  readonly line: number;
  readonly fields: Fields;
}

/** Whether a text is JSON or JSON Lines rather than a table. */
export function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && entriesOf(text) !== null;
}

/**
 * Reads the entries. Objects that only describe the log (`type: config`) say metric and direction and begin a segment of
 * their own; a result that names an earlier entry by `run_id` is part of it.
 */
export function readJsonLog(text: string, segment?: number): RawLog & { readonly segments: number } {
  const entries = joined(entriesOf(text) ?? []);
  const segments: { says: RawLog['says']; entries: Entry[] }[] = [{ says: {}, entries: [] }];
  const skipped: number[] = [];
  for (const entry of entries) {
    const config = configOf(entry.fields);
    if (config !== null) segments.push({ says: config, entries: [] });
    else if (isRun(entry.fields)) segments.at(-1)?.entries.push(entry);
    else skipped.push(entry.line);
  }
  const filled = segments.filter((one) => one.entries.length > 0);
  const chosen = filled[(segment ?? filled.length) - 1] ?? { says: {}, entries: [] };
  const flat = chosen.entries.map(({ line, fields }) => ({ line, fields: flatten(fields) }));
  const header = [...new Set(flat.flatMap(({ fields }) => Object.keys(fields)))];
  const rows = flat.map(({ line, fields }) => ({ line, cells: header.map((name) => fields[name] ?? '') }));
  return { header, headerLine: 1, rows, says: chosen.says, skipped, segments: filled.length };
}

function entriesOf(text: string): Entry[] | null {
  const whole = parse(text);
  if (whole !== undefined) {
    const list = Array.isArray(whole)
      ? whole
      : isFields(whole)
        ? Object.values(whole).find((value) => Array.isArray(value) && value.some(isFields))
        : undefined;
    if (Array.isArray(list)) return list.filter(isFields).map((fields) => ({ line: 1, fields }));
    return isFields(whole) ? [{ line: 1, fields: whole }] : null;
  }
  const lines = text.split(/\r\n|\n/).map((line, index) => ({ line: index + 1, fields: parse(line), text: line }));
  const filled = lines.filter((line) => line.text.trim() !== '');
  const read = filled.flatMap(({ line, fields }) => (isFields(fields) ? [{ line, fields }] : []));
  // A line may be torn; a table is something else.
  return read.length * 2 > filled.length ? read : null;
}

/** An entry with the id that a later one names gets what that one says. */
function joined(entries: readonly Entry[]): Entry[] {
  const byId = new Map<unknown, Fields>();
  const kept: Entry[] = [];
  for (const { line, fields } of entries) {
    const before = fields['kind'] === 'result' ? byId.get(fields['run_id']) : undefined;
    if (before !== undefined) {
      Object.assign(before, fields);
      continue;
    }
    const own = { ...fields };
    if (own['id'] !== undefined) byId.set(own['id'], own);
    kept.push({ line, fields: own });
  }
  return kept;
}

function configOf(fields: Fields): RawLog['says'] | null {
  if (fields['type'] !== 'config' && fields['kind'] !== 'init' && fields['type'] !== 'init') return null;
  const inner = isFields(fields['config']) ? fields['config'] : fields;
  const pick = (...names: string[]) => names.map((name) => inner[name]).find((value) => typeof value === 'string');
  const metric = pick('metricName', 'metric_name', 'primary_metric', 'metric');
  const direction = readDirection(pick('bestDirection', 'best_direction', 'direction', 'optimize', 'goal'));
  return { ...(typeof metric === 'string' && { metric }), ...(direction !== undefined && { direction }) };
}

/** An experiment has a number or a verdict; hooks and notes have neither. */
function isRun(fields: Fields): boolean {
  const marks = ['status', 'decision', 'verdict', 'kept', 'accepted', 'metric', 'metric_value', 'score', 'outcome', 'result'];
  const isOther = typeof fields['type'] === 'string' && /^(?:hook|event|note|message|log)$/.test(fields['type']);
  return (
    !isOther &&
    (marks.some((name) => fields[name] !== undefined) || Object.values(flatten(fields)).some((text) => /^-?\d*\.\d+$/.test(text)))
  );
}

/** One text for each field; objects inside give their fields, lists and longer things their JSON. */
function flatten(fields: Fields): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    if (isFields(value)) {
      for (const [inner, text] of Object.entries(value)) {
        if (isPlain(text)) flat[Object.hasOwn(fields, inner) ? `${name}.${inner}` : inner] ??= String(text);
      }
    } else flat[name] = isPlain(value) ? String(value) : JSON.stringify(value);
  }
  return flat;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
