import type { RemoteFile } from '../contract/remote.ts';
import { lookOf, type Look } from './look.ts';

/** What `worker.sh poll` answers. */
export interface Answer {
  /** The size of the log in it is what is known of it: where `log` is full there may be more. */
  readonly look: Look;
  /** What the program printed, from the byte on that was asked for. */
  readonly log: Buffer;
  /** The results of a job that has ended, where they came along. */
  readonly files: readonly RemoteFile[] | null;
}

/** A result, as a line of the worker names it. */
export interface Listed {
  readonly blob: string;
  readonly size: number;
  /** The number by which the worker is asked for its content. */
  readonly number: string;
  readonly path: string;
}

/** The most of a log that the worker gives in one answer. */
export const MOST_LOG = 256 * 1024;

/**
 * @param offset the byte of the log that was asked for
 * @throws Error where the answer was cut short
 */
export function readAnswer(answer: Buffer, offset: number): Answer {
  const rest = new Lines(answer);
  const head = rest.line();
  const count = Number(/; files=(\d+)/.exec(head)?.[1] ?? Number.NaN);
  const cameAlong = count === 0 || head.endsWith('; here=yes');
  const listed = cameAlong ? Array.from({ length: count }, () => readListed(rest.line())) : null;
  const files = listed?.map((file) => ({ file, bytes: rest.take(file.size) })) ?? null;
  const log = rest.take();
  return {
    look: lookOf(head, offset + log.length),
    log,
    files: files?.map(({ file: { path, size: length, blob }, bytes }) => ({ path, size: length, blob, read: async () => bytes })) ?? null,
  };
}

export function readListed(line: string): Listed {
  const [, blob = '', size = '', number = '', path = ''] = /^([0-9a-f]{40}) (\d+) (\d+) (.*)$/.exec(line) ?? [];
  return { blob, size: Number(size), number, path };
}

/** Takes bytes from their beginning, piece by piece. */
class Lines {
  #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  line(): string {
    const at = this.#bytes.indexOf('\n');
    if (at === -1) throw cut();
    const text = this.#bytes.subarray(0, at).toString();
    this.#bytes = this.#bytes.subarray(at + 1);
    return text;
  }

  take(length = this.#bytes.length): Buffer {
    if (this.#bytes.length < length) throw cut();
    const piece = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return piece;
  }
}

const cut = () => new Error('the answer of the worker was cut short');
