/** A block of lines at the bottom of the terminal, redrawn while it is there; everything else scrolls above it. */
import { Listr, ListrLogger, Spinner } from 'listr2';
import { Passage } from './passage.ts';

interface Block {
  /** Takes the block off the screen. */
  end(): Promise<void>;
}

const FRAME_MS = 150;

/**
 * One listr2 task holds the block; its promise resolves when the block must be removed. An endless list of tasks
 * would be redrawn as a whole each time, so a permanent line is printed between two such blocks.
 */
export class Live {
  readonly #lines: () => string[];
  #block: Block | null = null;
  #queue: Promise<void> = Promise.resolve();

  constructor(lines: () => string[]) {
    this.#lines = lines;
  }

  show(): Promise<void> {
    return this.#enqueue(() => this.#show());
  }

  /** Prints above the block. */
  print(text: string, stream: NodeJS.WriteStream = process.stdout): Promise<void> {
    return this.#enqueue(async () => {
      const shown = this.#block !== null;
      await this.#hide();
      stream.write(text.endsWith('\n') ? text : `${text}\n`);
      if (shown) await this.#show();
    });
  }

  hide(): Promise<void> {
    return this.#enqueue(() => this.#hide());
  }

  /** One step at a time; an error of the display must not fail the run. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(step).catch(() => undefined);
    return this.#queue;
  }

  async #show(): Promise<void> {
    this.#block ??= await startBlock(this.#lines, (text, stream) => void this.print(text, stream));
  }

  async #hide(): Promise<void> {
    const block = this.#block;
    this.#block = null;
    await block?.end();
  }
}

async function startBlock(lines: () => string[], say: (text: string, stream: NodeJS.WriteStream) => void): Promise<Block> {
  const shown = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const text = (): string => lines().join('\n');
  let redraw = (): void => undefined;
  const listr = new Listr(
    {
      title: text(),
      task: (_context, task) => {
        redraw = () => void (task.title = text());
        shown.resolve();
        return over.promise;
      },
    },
    {
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: {
        clearOutput: true,
        formatOutput: 'truncate',
        logger: new ListrLogger({ processOutput: new Passage(say) }),
        spinner: new Frames(() => redraw()),
      },
    },
  );
  const ended = listr.run();
  await Promise.race([shown.promise, ended]);
  return {
    async end() {
      over.resolve();
      await ended;
    },
  };
}

/** The spinner is the clock: each frame writes the block anew. */
class Frames extends Spinner {
  readonly #redraw: () => void;

  constructor(redraw: () => void) {
    super();
    this.#redraw = redraw;
  }

  override start(): void {
    super.start(this.#redraw, FRAME_MS);
  }
}
