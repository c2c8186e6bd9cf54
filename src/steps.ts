import { stripVTControlCharacters } from 'node:util';
import { createLog } from './log.ts';
import type { Log } from './plugin.ts';

/** What a command does that takes a while: a list that changes in place at a terminal, plain lines elsewhere. */
export interface Steps {
  /** For everything said meanwhile. At a terminal it appears below the step under way; warnings stay on the screen. */
  readonly log: Log;
  /** Far too often for plain lines, such as each percent of a transfer; absent where these are printed. */
  readonly progress?: (text: string) => void;
  /** @param title such as `measure the baseline` */
  readonly run: Step;
}

export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/** What is done without anybody watching. */
export const untold: Step = (_title, work) => work();

/** How many of the last lines are shown while a step is under way, and how many stay if it fails. */
const SHOWN_LINES = 4;
const LINES_OF_A_FAILURE = 100;

interface UnderWay {
  say(line: string): void;
  keep(line: string): void;
}

export function createSteps({ debug = false, isLive = canRedraw() } = {}): Steps {
  const plain = createLog({ debug });
  return isLive ? liveSteps(plain) : { log: plain, run: untold };
}

/** The display is drawn on stderr, but listr2 gives it up where stdout goes elsewhere. */
function canRedraw(): boolean {
  return process.stdout.isTTY && process.stderr.isTTY && process.stderr.columns > 0 && process.env['TERM'] !== 'dumb';
}

function liveSteps(plain: Log): Steps {
  let current: UnderWay | null = null;
  const log: Log = {
    info: (message) => (current === null ? plain.info(message) : current.say(message)),
    warn: (message) => (current === null ? plain.warn(message) : current.keep(message)),
    debug: (message) => (current === null ? plain.debug(message) : current.say(message)),
  };
  const run: Step = async (title, work) => {
    if (current !== null) return work();
    const said: string[] = [];
    const kept: string[] = [];
    try {
      return await draw(title, work, (show) => {
        current = {
          say: (line) => {
            said.push(line);
            show(line);
          },
          keep: (line) => {
            kept.push(line);
            show(`warning: ${line}`);
          },
        };
      });
    } catch (error) {
      current = null;
      for (const line of said.slice(-LINES_OF_A_FAILURE)) plain.info(line);
      throw error;
    } finally {
      current = null;
      for (const line of kept) plain.warn(line);
    }
  };
  return { log, run, progress: (text) => current?.say(text) };
}

/** Draws one step until its work is done. */
async function draw<T>(title: string, work: () => Promise<T>, begin: (show: (line: string) => void) => void): Promise<T> {
  const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import('listr2');
  let done: { readonly value: T } | undefined;
  const list = new Listr(
    [
      {
        title,
        rendererOptions: { outputBar: SHOWN_LINES },
        task: async (_context, task) => {
          begin((line) => void (task.output = stripVTControlCharacters(line)));
          done = { value: await work() };
        },
      },
    ],
    {
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: {
        timer: PRESET_TIMER,
        // Errors are printed with their hints once the step is over.
        showErrorMessage: false,
        formatOutput: 'truncate',
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      },
    },
  );
  await list.run();
  if (done === undefined) throw new Error(`the step "${title}" came to no end`);
  return done.value;
}
