import { collect, wholeNumber, type AddCommand } from './command-options.ts';
import type { JoinFlags } from './commands/join.ts';
import type { NodesFlags } from './commands/nodes.ts';
import type { ReadFlags } from './commands/read.ts';

/** Commands for runs that several machines work on. */
export function addSwarmCommands(command: AddCommand, globals: () => object): void {
  command('join <url>', 'work on a run that others have opened at a git remote', async (url: string, flags: JoinFlags) =>
    (await import('./commands/join.ts')).join(url, { ...flags, ...globals() }),
  )
    .option('--run <run>', 'which run, where the remote has several')
    .option('--node <name>', 'what this machine is called; without it the name of the machine')
    .option('--owner <name>', 'who answers for it; without it user.email of git')
    .option('--focus <text>', 'what its agents work on, such as "the optimizer"')
    .option('--dir <folder>', 'where to clone it to; without it the current repository if it has this remote, else ./<name>')
    .option('--experiments <n>', 'how many experiments this machine does', wholeNumber)
    .option('--time <duration>', 'how long, such as 8h or 90m')
    .option('--set <path=value>', 'override a value of the config; may be repeated', collect);

  command(
    'sync [run]',
    'bring what the other nodes have done here, and what was done here to them',
    async (run: string | undefined, flags: ReadFlags) => (await import('./commands/sync.ts')).sync(run, flags),
  ).option('--json', 'one JSON document: where the whole stands');

  command(
    'nodes [run]',
    'the nodes that work on a run: owners, hardware, what was confirmed',
    async (run: string | undefined, flags: NodesFlags) => (await import('./commands/nodes.ts')).nodes(run, flags),
  )
    .option('--key', 'print the line of nodes.yaml for this node')
    .option('--trust <node>', 'list this node, so that its word counts; only who opened the run can; may be repeated', collect)
    .option('--owner <name>', 'with --trust: who answers for it, instead of whom it names')
    .option('--distrust <node>', 'take this node from the list; may be repeated', collect)
    .option('--json', 'an array of nodes');

  command(
    'leave [run]',
    'say that this node takes part no longer; what it has found stays',
    async (run: string | undefined, flags: ReadFlags) => (await import('./commands/leave.ts')).leave(run, flags),
  );
}
