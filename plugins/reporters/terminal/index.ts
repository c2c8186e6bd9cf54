import { definePlugin, type Hooks, type RunView } from '../../../src/plugin.ts';
import { Board } from './board.ts';
import { auditLine } from './claims.ts';
import { ending } from './ending.ts';
import { clock, decimalsFor, oneLine, wrap } from './format.ts';
import { footer, header, settledLine } from './lines.ts';
import { Live } from './live.ts';

/** Before every plugin's own taps, so that the phase is on screen while they work. */
const EARLY = { name: 'terminal', stage: -100 };

export default definePlugin({
  kind: 'reporter',
  name: 'terminal',
  apiVersion: 1,
  description: 'Shows the run on the standard output: a live line in a terminal, plain lines elsewhere, and the result at the end.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      live: {
        type: 'boolean',
        default: true,
        description: 'Redraw a live line where the output is a terminal; without it every event is a plain line.',
      },
    },
  },
  create: () => ({}),
  apply(hooks, { live }) {
    // A terminal without a size, as some containers give, has no place for a line to be redrawn in.
    if (live && process.stdout.isTTY && process.stdout.columns > 0) showLive(hooks);
    else showPlain(hooks);
  },
});

function showLive(hooks: Hooks): void {
  const board = new Board();
  const state: { run: RunView | null; decimals: number } = { run: null, decimals: 0 };
  // The spinner and a margin take four columns.
  const columns = (): number => process.stdout.columns - 4;
  const follow = (run: RunView): number => {
    state.run = run;
    return (state.decimals = Math.max(state.decimals, decimalsFor(run.history)));
  };
  const live = new Live(() => [
    ...board.lines(columns()),
    ...(state.run === null ? [] : [footer(state.run, state.decimals, board.elapsed, columns())]),
  ]);

  hooks.start.tap('terminal', async (run) => {
    follow(run);
    await live.print(header(run));
  });
  hooks.propose.tap(EARLY, async (brief) => {
    board.enter(brief.id, 'proposing');
    await live.show();
  });
  hooks.screen.tap(EARLY, async (candidate) => {
    board.enter(candidate.id, 'checking', { title: candidate.proposal.title });
    await live.show();
  });
  hooks.train.tap(EARLY, async (request) => {
    // An audit trains experiments again that were settled before.
    const settled = state.run?.history.findLast(({ id }) => id === request.experiment);
    const trial = { index: request.index, timeoutMs: request.timeoutMs };
    board.enter(request.experiment, settled ? 'auditing' : 'training', settled ? { title: settled.title, trial } : { trial });
    await live.show();
  });
  hooks.measure.tap(EARLY, ({ experiment }) => {
    if (!board.isAuditing(experiment.id)) board.enter(experiment.id, 'judging', { title: experiment.proposal.title });
  });
  hooks.settled.tap('terminal', async (experiment, run) => {
    board.leave(experiment.id);
    await live.print(settledLine(experiment, follow(run), process.stdout.columns));
  });
  hooks.audited.tap('terminal', async (audit, run) => {
    board.clear();
    await live.print(wrap(auditLine(audit, run, follow(run)), process.stdout.columns));
  });
  hooks.done.tap('terminal', async (run, end) => {
    board.clear();
    await live.hide();
    process.stdout.write(ending(run, end, follow(run), process.stdout.columns));
  });
}

function showPlain(hooks: Hooks): void {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const titles = new Map<number, string>();
  const settled = new Set<number>();

  hooks.start.tap('terminal', (run) => {
    for (const { id } of run.history) settled.add(id);
    print(header(run));
  });
  hooks.propose.tap(EARLY, (brief) => print(`#${brief.id} proposing`));
  hooks.screen.tap(EARLY, (candidate) => void titles.set(candidate.id, candidate.proposal.title));
  hooks.train.tap(EARLY, ({ experiment, index, seed, timeoutMs }) => {
    const title = titles.get(experiment);
    const phase = settled.has(experiment) ? 'auditing' : 'training';
    print(
      `#${experiment} ${phase}${title === undefined ? '' : ` ${oneLine(title)}`} (trial ${index + 1}, seed ${seed}, at most ${clock(timeoutMs / 1000)})`,
    );
  });
  hooks.settled.tap('terminal', (experiment, run) => {
    titles.delete(experiment.id);
    settled.add(experiment.id);
    print(settledLine(experiment, decimalsFor(run.history), Infinity));
  });
  hooks.audited.tap('terminal', (audit, run) => print(auditLine(audit, run, decimalsFor(run.history))));
  hooks.done.tap('terminal', (run, end) => print(ending(run, end, decimalsFor(run.history), Infinity).trimEnd()));
}
