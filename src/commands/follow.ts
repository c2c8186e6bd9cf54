import type { ExitCode } from '../errors.ts';
import { followEvents, readEvents } from '../events/read.ts';
import { eventsDirOf } from '../events/segments.ts';
import type { RunEvent } from '../plugin.ts';
import { openPlace } from '../review/submit.ts';
import { FollowView, followLine } from '../views/follow.ts';
import { renderStatus } from '../views/status-text.ts';
import { oneLine, truncate } from '../views/text.ts';
import { print, textOptions } from './read.ts';
import { statusNow } from './run-status.ts';

const REDRAW_MS = 1000;
const CLEAR = '\r\u001b[K';

/** Shows what a run does, as it happens, until Ctrl-C: in a terminal with a live last line, elsewhere as plain lines. */
export async function follow(run: string | undefined, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const { repository, record, runDir } = await openPlace({ cwd: process.cwd(), run });
  const dir = eventsDirOf(runDir);
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  // It also ends when the reader of its output, such as head, is gone.
  process.stdout.once('error', end);
  try {
    if (json) for await (const event of followEvents(dir, { signal: stop.signal })) process.stdout.write(`${JSON.stringify(event)}\n`);
    else {
      // A person wants to know where it stands; a program wants lines of one kind.
      if (process.stdout.isTTY) print(`${renderStatus(statusNow(repository, record), textOptions())}\n`);
      await show(dir, stop.signal);
    }
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
  return 0;
}

/** From the beginning of the last session on. */
async function show(dir: string, signal: AbortSignal): Promise<void> {
  const view = new FollowView();
  const screen = process.stdout.isTTY ? new LiveLine(view) : null;
  const tell = (event: RunEvent) => {
    const line = view.see(event);
    if (line === null) return;
    const text = followLine(line, event.at);
    if (screen) screen.print(text);
    else process.stdout.write(`${text}\n`);
  };
  try {
    for await (const event of followEvents(dir, { after: await beforeLastSession(dir), signal })) tell(event);
  } finally {
    screen?.close();
  }
}

async function beforeLastSession(dir: string): Promise<number> {
  let after = 0;
  for await (const event of readEvents(dir)) if (event.type === 'run-started') after = event.seq - 1;
  return after;
}

/** The last line of a terminal, drawn again each second. */
class LiveLine {
  readonly #view: FollowView;
  readonly #timer: NodeJS.Timeout;

  constructor(view: FollowView) {
    this.#view = view;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  print(line: string): void {
    process.stdout.write(`${CLEAR}${line}\n`);
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    process.stdout.write(CLEAR);
  }

  #draw(): void {
    const line = truncate(oneLine(this.#view.live(Date.now())), (process.stdout.columns ?? 80) - 1);
    process.stdout.write(`${CLEAR}${line}`);
  }
}
