import { Command } from 'commander';
import type { TransferFlags } from './commands/transfer.ts';
import type { AblateFlags } from './commands/ablate.ts';
import type { RunFlags } from './commands/run.ts';
import type { ReadFlags } from './commands/read.ts';
import { collect, portNumber, wholeNumber, type AddCommand } from './command-options.ts';
import type { DoctorFlags } from './commands/doctor.ts';
import { arrangeHelp } from './help.ts';
import { ownPackage } from './plugins/package.ts';
import { addInitCommand } from './program-init.ts';
import { addPastCommands } from './program-past.ts';
import { addReadingCommands } from './program-read.ts';
import { addSteeringCommands } from './program-steer.ts';
import { addReviewCommands } from './program-review.ts';
import { addSkillCommands } from './program-skill.ts';
import { addSwarmCommands } from './program-swarm.ts';

/** All commands: what each takes. What it does is loaded when it is called; so is what completes words. */
export function createProgram(addCompletion = describeCompletion): Command {
  const program = new Command('autoresearch')
    .description('Keep improving a number: an agent proposes, the engine measures, gates decide, git remembers.')
    .version(ownPackage().version ?? 'unknown')
    .option('--debug', 'show stacks and debug messages')
    .exitOverride()
    .showHelpAfterError('(autoresearch --help lists all commands)')
    .configureHelp({ showGlobalOptions: true });
  const command: AddCommand = (usage, description, action) =>
    program
      .command(usage)
      .description(description)
      .action(async (...args: unknown[]) => {
        program.setOptionValue('exitCode', await action(...(args as never[])));
      });
  addWorkingCommands(program, command);
  addReadingCommands(command);
  addRunCommands(command);
  addPluginCommands(program);
  addSkillCommands(program);
  addSwarmCommands(command, () => program.opts());
  addReviewCommands(command);
  addPastCommands(command);
  addCompletion(program);
  arrangeHelp(program);
  return program;
}

function describeCompletion(program: Command): void {
  program.command('completion <shell>').description('print a script that completes commands in bash, zsh, fish or powershell');
}

/** Commands that work on a project: they write files, or run trials. */
function addWorkingCommands(program: Command, command: AddCommand): void {
  addInitCommand(command);

  command('check', 'check the config, and that everything it names is there; runs nothing', async (flags: RunFlags) =>
    (await import('./commands/check.ts')).check(flags),
  )
    .option('--config <file>', 'the config file, instead of looking for it')
    .option('--preset <name>', 'check a preset instead')
    .option(
      '--measure [trials]',
      'run the baseline a few times (5): its noise, the smallest visible effect, how far the budget goes',
      wholeNumber,
    )
    .option('--set <path=value>', 'override a value of the config', collect)
    .option('--json', 'one JSON document, also of errors');

  command('exec <command...>', 'run a command by hand, with the data that trials get: exec -- node evaluate.mjs', async (words: string[]) =>
    (await import('./commands/exec.ts')).exec(words),
  );

  command('run', 'run the loop until a limit is reached', async (flags: RunFlags) =>
    (await import('./commands/run.ts')).run({ ...flags, ...program.opts() }),
  )
    .option('--name <name>', 'the name of the run; its commits go to the branch autoresearch/<name>')
    .option('--preset <name>', 'a preset; in a folder without a config its sample project is set up in ./<name> first')
    .option('--config <file>', 'the config file, instead of looking for it')
    .option('--experiments <n>', 'how many experiments, besides the baseline', wholeNumber)
    .option('--time <duration>', 'how long, such as 8h or 90m')
    .option('--ui', 'show the run on a page while it works, and print its address')
    .option('--port <port>', 'with --ui: a port of your choice', portNumber)
    .option('--host <host>', 'with --ui: another address than 127.0.0.1; needs --allow-remote')
    .option('--allow-remote', 'with --ui: let other machines connect, if they have the link')
    .option('--set <path=value>', 'override a value of the config; may be repeated', collect);

  command('resume [run]', 'go on with a run after a stop or a crash', async (run: string | undefined, flags: RunFlags) =>
    (await import('./commands/resume.ts')).resume(run, { ...flags, ...program.opts() }),
  )
    .option('--experiments <n>', 'the new budget of experiments, counting those already done', wholeNumber)
    .option('--time <duration>', 'the new budget of time, counting what is already used')
    .option('--ui', 'show the run on a page while it works, and print its address')
    .option('--port <port>', 'with --ui: a port of your choice', portNumber)
    .option('--host <host>', 'with --ui: another address than 127.0.0.1; needs --allow-remote')
    .option('--allow-remote', 'with --ui: let other machines connect, if they have the link');
}

/** Commands that measure a run, or work on it while it goes on. */
function addRunCommands(command: AddCommand): void {
  command(
    'ablate [run]',
    'measure what each kept change contributes, by leaving it out',
    async (run: string | undefined, flags: AblateFlags) => (await import('./commands/ablate.ts')).ablate(run, flags),
  )
    .option('--trials <n>', 'how many trials to spend; without it two for each commit', wholeNumber)
    .option('--drop', 'build the branch autoresearch/<run>-lean without the changes that contribute nothing, and measure it')
    .option('--json', 'one JSON document');

  command(
    'transfer [run]',
    'does the gain hold under other conditions, too? says what measuring it costs; --yes measures',
    async (run: string | undefined, flags: TransferFlags) => (await import('./commands/transfer.ts')).transfer(run, flags),
  )
    .option('--only <name>', 'this condition of the config; may be repeated', collect)
    .option('--trials <n>', 'trials of each side under each condition (3)', wholeNumber)
    .option('--yes', 'measure')
    .option('--json', 'one JSON document');

  command('prompt [run]', 'exactly what the agent would be sent next; sends nothing', async (run: string | undefined, flags: ReadFlags) =>
    (await import('./commands/prompt.ts')).prompt(run, flags),
  )
    .option('--agent <name>', 'that agent of the chain, instead of the first that is sent a prompt')
    .option('--json', 'an array with the text for each agent');

  addSteeringCommands(command);

  command(
    'doctor',
    'find what crashed processes have left behind: locks, worktrees, processes, unfinished imports',
    async (flags: DoctorFlags) => (await import('./commands/doctor.ts')).doctor(flags),
  )
    .option('--fix', 'remove it without asking')
    .option('--json', 'an array of what was found');

  command('explain [code]', 'what an error code means and what to do', async (code: string | undefined) =>
    (await import('./commands/explain.ts')).explain(code),
  );
}

/** Commands for those who write plugins. */
function addPluginCommands(program: Command): void {
  const plugin = program.command('plugin').description('write a plugin, and test it against the rules for its kind');
  plugin
    .command('new <kind> <name>')
    .description('write a package with a plugin that works and passes its test; kinds: objective, agent, trainer, metric, gate, reporter')
    .option('--dir <folder>', 'where to write it; default: a folder of the name of the package')
    .action(async (kind: string, name: string, flags: { dir?: string }) => {
      program.setOptionValue('exitCode', (await import('./commands/plugin-new.ts')).pluginNew(kind, name, flags));
    });
  plugin
    .command('check [path]')
    .description('test a plugin against the rules for its kind: a folder, a file, or an installed package; default: this folder')
    .option('--json', 'one JSON document')
    .action(async (path: string | undefined, flags: { json?: boolean }) => {
      program.setOptionValue('exitCode', await (await import('./commands/plugin-check.ts')).pluginCheck(path, flags));
    });
}
