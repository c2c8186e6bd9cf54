import { Writable, type Readable } from 'node:stream';
import type { ExecOptions } from '../contract/context.ts';

/** How much output is buffered for the reader; beyond that the program has to wait. */
const BUFFERED_BYTES = 1024 * 1024;
/** How long a program may take to end by itself after the conversation. */
const LEAVE_MS = 2000;

/** A conversation with a program that runs. */
export interface Conversation {
  /** Is the conversation over, for another reason than the end of the program? */
  isOver(): boolean;
  /** Waits for the end of the program's output. @throws the error of `talk` */
  finish(): Promise<void>;
}

interface Partner {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Ends the program if it does not end by itself. */
  end(): void;
}

/** Gives the program's input and output to `talk`; when that is done, the program is ended. */
export function converse(talk: NonNullable<ExecOptions['talk']>, { stdin, stdout, end }: Partner): Conversation {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const talked = talk({ stdin: Writable.toWeb(stdin), stdout: outputOf(stdout) }).finally(() => {
    // If its output has ended, the program itself has ended the conversation.
    isOver = !stdout.readableEnded && !stdout.destroyed;
    stdin.end();
    timer = setTimeout(end, LEAVE_MS);
  });
  // `finish` throws it, after the processes are gone.
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
