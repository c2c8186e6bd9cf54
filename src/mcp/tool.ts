import type { Repository } from '../git/repository.ts';
import type { RunRecord } from '../ledger/read.ts';

/** The run a tool is asked about, read anew for each call. */
export interface Opened {
  readonly repository: Repository;
  readonly record: RunRecord;
}

export interface Context {
  /** The folder the server was started in. */
  readonly cwd: string;
  /** For an agent that proposes: nothing of audits, of held-out data or of what people decide. */
  readonly isBlind: boolean;
  /** Who decides, where the server may write. */
  readonly as?: string | undefined;
  /** Where the run stands, as `autoresearch status --json` says it. */
  status(opened: Opened): object;
  /** The run named, else that of the server, else the last one. */
  open(run?: string): Promise<Opened>;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  /** Changes something: only with `--write`. */
  readonly isWriting?: boolean;
  /** A proposing agent may have it. */
  readonly isForAgents?: boolean;
  /** Arguments are checked against the schema already. Gives what is sent, as JSON or as text. */
  call(args: Readonly<Record<string, unknown>>, context: Context): Promise<unknown>;
}

export const RUN = { type: 'string', description: 'The run; without it the last one.' };

export function page(most: number, usual: number) {
  return {
    limit: { type: 'integer', minimum: 1, maximum: most, default: usual, description: 'How many at most.' },
    offset: { type: 'integer', minimum: 0, default: 0, description: 'Where to begin: `next` of the page before.' },
  };
}

/** A part of a list, with where the next one begins. */
export function cut<T>(all: readonly T[], { offset = 0, limit }: { offset?: number; limit: number }) {
  const end = offset + limit;
  return { total: all.length, items: all.slice(offset, end), ...(end < all.length && { next: end }) };
}

/** A part of a text, at the end of a line where there is one. */
export function cutText(text: string, offset: number, most: number): { text: string; next?: number; total?: number } {
  const rest = text.slice(offset);
  if (rest.length <= most) return { text: rest };
  const line = rest.lastIndexOf('\n', most);
  const length = line > most / 2 ? line + 1 : most;
  return { text: rest.slice(0, length), next: offset + length, total: text.length };
}
