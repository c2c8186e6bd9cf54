import { Writable, type Readable } from 'node:stream';
import type { ExecOptions } from '../plugin.ts';

/** How much of its output waits here for the one who reads it; then the program waits. */
const BUFFERED_BYTES = 1024 * 1024;
/** How long a program may take to end by itself once nobody speaks with it any more. */
const LEAVE_MS = 2000;

/** A conversation with a program that runs. */
export interface Conversation {
  /** Is it over, and did the program not end it by ending itself? */
  isOver(): boolean;
  /** Waits for its end, which comes when the program's output has ended. @throws what the one who spoke threw */
  finish(): Promise<void>;
}

interface Partner {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Ends the program, when it does not do so itself. */
  end(): void;
}

/** Hands both ends of a program's streams to `talk`; when that is through, the program is ended. */
export function converse(talk: NonNullable<ExecOptions['talk']>, { stdin, stdout, end }: Partner): Conversation {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const talked = talk({ stdin: Writable.toWeb(stdin), stdout: outputOf(stdout) }).finally(() => {
    // One whose output has ended has ended the talk itself.
    isOver = !stdout.readableEnded && !stdout.destroyed;
    stdin.end();
    timer = setTimeout(end, LEAVE_MS);
  });
  // It is told by `finish`, when the processes are gone.
  talked.catch(() => {});
  return {
    isOver: () => isOver,
    async finish() {
      try {
        await talked;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** What the program prints. When the reader stops reading, the rest is thrown away. */
function outputOf(stdout: Readable): ReadableStream<Uint8Array> {
  let isOpen = true;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stdout.on('data', (chunk: Buffer) => {
          if (!isOpen) return;
          // A copy, because the log gives the chunk's memory back.
          controller.enqueue(Uint8Array.from(chunk));
          if ((controller.desiredSize ?? 0) <= 0) stdout.pause();
        });
        stdout.once('close', () => {
          if (isOpen) controller.close();
          isOpen = false;
        });
      },
      pull: () => void stdout.resume(),
      cancel() {
        isOpen = false;
        stdout.resume();
      },
    },
    { highWaterMark: BUFFERED_BYTES, size: ({ byteLength }) => byteLength },
  );
}
