/** An entry as the fold keeps it: a few hundred bytes, validated, with no control characters that could act on a terminal or a page. */
import type { ExperimentKind, Verdict } from '../experiment.ts';
import { oneLine } from '../ledger/message.ts';
import type { Measured, NodeEntry, NodeId, SwarmExperiment, SwarmSummary } from './model.ts';
import { isNodeId, readOrigin } from './names.ts';

/** An experiment without its place in the swarm. */
export type Row = Omit<SwarmExperiment, 'node' | 'entry' | 'clock' | 'position' | 'at'>;

/** An entry in memory and in the cache. */
export interface Taken {
  readonly commit: string;
  readonly at: number;
  /** The last commits of other ledgers that its node had read. */
  readonly seen?: readonly (readonly [node: NodeId, commit: string])[];
  readonly row?: Row;
  /** An audit made this experiment of the same node the incumbent again. */
  readonly back?: number;
  /** The record could not be read. */
  readonly isBad?: true;
}

const KINDS: ReadonlySet<unknown> = new Set<ExperimentKind>(['baseline', 'control', 'change']);
const VERDICTS: ReadonlySet<unknown> = new Set<Verdict>(['keep', 'discard', 'crash', 'review']);
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const MOST_TITLE = 60;
const MOST_NAME = 40;
const MOST_ID = 1e9;
/** An entry may name at most so many ledgers that its node has read. */
const MOST_SEEN = 10_000;

export function isCommit(value: unknown): value is string {
  return typeof value === 'string' && COMMIT.test(value);
}

/** Compacts an entry. A malformed record keeps its place in the order, without content. */
export function compact({ commit, at, record }: NodeEntry): Taken {
  const base = { commit, at: Number.isFinite(at) ? at : 0 };
  const kind: unknown = (record as { readonly kind?: unknown } | null)?.kind;
  if (kind === 'synced') {
    const seen = seenIn(record);
    return seen === null ? { ...base, isBad: true } : { ...base, seen };
  }
  if (kind === 'audit') return { ...base, ...backIn(record) };
  if (!KINDS.has(kind)) return typeof kind === 'string' && kind !== 'broken' ? base : { ...base, isBad: true };
  const row = rowOf(record as SwarmSummary);
  return row === null ? { ...base, isBad: true } : { ...base, row };
}

function seenIn(record: object): NonNullable<Taken['seen']> | null {
  const { seen } = record as { readonly seen?: unknown };
  if (typeof seen !== 'object' || seen === null) return null;
  const pairs = Object.entries(seen);
  return pairs.length <= MOST_SEEN && pairs.every((pair): pair is [NodeId, string] => isNodeId(pair[0]) && isCommit(pair[1]))
    ? pairs
    : null;
}

function backIn(record: object): Pick<Taken, 'back'> {
  const { audit } = record as { readonly audit?: { readonly rolledBack?: unknown; readonly back?: unknown; readonly anchor?: unknown } };
  const to = (audit?.back ?? audit?.anchor) as { readonly id?: unknown } | undefined;
  return audit?.rolledBack === true && isId(to?.id) ? { back: to.id } : {};
}

function rowOf(record: SwarmSummary): Row | null {
  const { id, kind, verdict, reason, title, agent, key, candidate, basis, incumbent, origin, hardware, slot, score, delta, n, spread } =
    record;
  if (!isId(id) || !VERDICTS.has(verdict)) return null;
  if (!(candidate === null || isCommit(candidate))) return null;
  if (!(origin === undefined || readOrigin(origin) !== null)) return null;
  return {
    id,
    kind,
    verdict,
    code: textOf((reason as { readonly code?: unknown } | undefined)?.code, MOST_NAME),
    title: textOf(title, MOST_TITLE),
    agent: textOf(agent, MOST_NAME),
    key: key === undefined ? null : textOf(key, MOST_NAME),
    candidate,
    basis: isId(basis) ? basis : null,
    incumbent: isId(incumbent) ? incumbent : null,
    origin: origin ?? null,
    whole: record.whole === true,
    hardware: textOf(hardware, MOST_NAME),
    slot: slot === undefined ? null : textOf(slot, MOST_NAME),
    score: finite(score),
    delta: finite(delta),
    n: isId(n) && n > 0 ? n : score === null ? 0 : 1,
    spread: Math.max(0, finite(spread) ?? 0),
    measured: measuredIn(record),
    seconds: Math.max(0, finite(record.seconds) ?? 0),
  };
}

/** The difference before any shrinkage, where the gate has written it down. */
function measuredIn({ estimate }: SwarmSummary): Measured | null {
  const { measured } = (estimate ?? {}) as { readonly measured?: Partial<Measured> };
  const [difference, sd] = [finite(measured?.difference), finite(measured?.sd)];
  return difference === null || sd === null || sd < 0 ? null : { difference, sd };
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < MOST_ID;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < Number.MAX_VALUE / 1e150 ? value : null;
}

function textOf(value: unknown, limit: number): string {
  return typeof value === 'string' ? oneLine(value.slice(0, 4 * limit), limit) : '';
}
