import type { McpFlags } from './commands/mcp.ts';
import { InvalidArgumentError } from 'commander';
import type { UiFlags } from './commands/ui.ts';
import type { ReadFlags } from './commands/read.ts';
import { portNumber, wholeNumber, type AddCommand } from './command-options.ts';

/** Commands that look at a run. */
export function addReadingCommands(command: AddCommand): void {
  command('runs', 'all runs of this repository', async (flags: ReadFlags) => (await import('./commands/runs.ts')).runs(flags)).option(
    '--json',
    'one JSON document',
  );

  command('status [run]', 'where a run stands', async (run: string | undefined, flags: ReadFlags) =>
    (await import('./commands/status.ts')).status(run, flags),
  )
    .option('--swarm', 'of all nodes together, where several work on the run')
    .option('--follow', 'go on and show what happens, until Ctrl-C')
    .option('--json', 'one JSON document; with --follow a line of JSON for each event');

  command('log [run]', 'all experiments', async (run: string | undefined, flags: ReadFlags) =>
    (await import('./commands/log.ts')).log(run, flags),
  )
    .option('--swarm', 'of all nodes together, where several work on the run')
    .option('--node <node>', 'of one of them')
    .option('--rank', 'only the keeps, the largest gain first')
    .option('--tsv', 'commit, score, memory, status, description')
    .option('--json', 'an array of whole records')
    .option('--short', 'with --json: a table of short rows, under 100 bytes each')
    .option('--since <n>', 'with --short: only what was settled after experiment n', experimentNumber)
    .option('--limit <n>', 'with --short or --swarm: at most n rows; after --since the first ones, else the last', wholeNumber);

  command(
    'show <experiment>',
    'one experiment, whole: why, risks, diff, trials, judgements; b2#41 is one of node b2',
    async (id: string, flags: ReadFlags) => (await import('./commands/show.ts')).show(id, flags),
  )
    .option('--run <run>', 'the run, instead of the last one')
    .option('--json', 'one JSON document');

  command('report [run]', 'one HTML file with chart, ranking and every experiment', async (run: string | undefined, flags: ReadFlags) =>
    (await import('./commands/report.ts')).report(run, flags),
  )
    .option('--out <file>', 'where to write it')
    .option('--json', 'one JSON document: the file, and where the run stands');

  command('ui [run]', 'a page that shows the run live, and takes decisions', async (run: string | undefined, flags: UiFlags) =>
    (await import('./commands/ui.ts')).ui(run, flags),
  )
    .option('--port <port>', 'a port of your choice, so that an open page finds it again after a restart', portNumber)
    .option('--host <host>', 'another address than 127.0.0.1; needs --allow-remote')
    .option('--allow-remote', 'let other machines connect, if they have the link')
    .option('--read-only', 'no decisions, hints or stops from the page')
    .option('--json', 'one JSON document: the link');

  command('verify [run]', 'check that ledger, branch and records agree', async (run: string | undefined, flags: ReadFlags) =>
    (await import('./commands/verify.ts')).verify(run, flags),
  )
    .option('--recompute', 'run every gate again over the record, and compare each number')
    .option('--json', 'one JSON document');

  command(
    'mcp',
    'serve the runs of this repository to a coding agent (Model Context Protocol, on stdin and stdout)',
    async (flags: McpFlags) => (await import('./commands/mcp.ts')).mcp(flags),
  )
    .option('--run <run>', 'the run, where a call names none; instead of the last one')
    .option('--write', 'also tools that change something: steer, pause, resume, stop, review')
    .option('--as <name>', 'who decides with the tool review; without it user.name and user.email of git')
    .option('--for-agent', 'for an agent that proposes: only what was tried and what came of it, nothing of audits');
}

function experimentNumber(text: string): number {
  const id = Number(text.replace(/^#/, '') || NaN);
  if (!Number.isInteger(id) || id < 0) throw new InvalidArgumentError('It must be the number of an experiment.');
  return id;
}
