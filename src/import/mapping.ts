import { AutoresearchError } from '../errors.ts';
import { nameOf, ROLES, type Role } from './columns.ts';
import type { RawLog } from './raw-log.ts';
import { normal, type Meaning } from './status-words.ts';

const MEANINGS = ['keep', 'discard', 'crash', 'skip'] as const;

/** What `--map` says: columns for roles, as they are called in the log or by number, and words for verdicts. */
export interface Mapping {
  readonly columns: ReadonlyMap<Role, string>;
  readonly words: ReadonlyMap<string, Meaning>;
}

/**
 * Reads `status=decision,score=3,keep=good|fine`.
 * @throws AutoresearchError USAGE
 */
export function parseMapping(parts: readonly string[]): Mapping {
  const columns = new Map<Role, string>();
  const words = new Map<string, Meaning>();
  for (const part of parts.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '')) {
    const [, left = '', right = ''] = /^\s*([a-z]+)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    const role = ROLES.find((name) => name === left);
    const meaning = MEANINGS.find((name) => name === left);
    if (role !== undefined) columns.set(role, right);
    else if (meaning !== undefined) for (const word of right.split('|')) words.set(normal(word), meaning);
    else {
      throw new AutoresearchError(
        'USAGE',
        `--map ${part.trim()}: it must be one of ${[...ROLES, ...MEANINGS].join(', ')}, then = and a column or words`,
        {
          hint: 'For example: --map score=val_loss,status=decision,keep=good|fine',
        },
      );
    }
  }
  return { columns, words };
}

/**
 * The indexes of the columns that were named.
 * @throws AutoresearchError USAGE for one that the log does not have
 */
export function columnsAsked({ columns }: Mapping, { header, rows }: RawLog): ReadonlyMap<Role, number> {
  const width = header?.length ?? Math.max(0, ...rows.map(({ cells }) => cells.length));
  return new Map([...columns].map(([role, name]) => [role, indexOf(role, name)] as const));

  function indexOf(role: Role, name: string): number {
    const byName = header?.findIndex((one) => nameOf(one) === nameOf(name)) ?? -1;
    const index = byName >= 0 ? byName : Number(name) - 1;
    if (Number.isInteger(index) && index >= 0 && index < width) return index;
    const known =
      header === null
        ? `the columns have no names, only numbers from 1 to ${width}`
        : `the columns are ${header.filter(Boolean).join(', ')}`;
    throw new AutoresearchError('USAGE', `--map ${role}=${name}: the log has no such column; ${known}`);
  }
}
