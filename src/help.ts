/** How the help is arranged: commands in groups, each with examples. */
import { Command } from 'commander';

interface Help {
  readonly group: string;
  /** What is typed, and what it is for. */
  readonly examples: readonly (readonly [typed: string, why: string])[];
}

const BEGIN = 'Begin and run:';
const SWARM = 'With others:';
const LOOK = 'Look at runs:';
const STEER = 'Steer:';
const TRUST = 'Check the numbers:';
const HAND_ON = 'Decide and hand on:';
const MORE = 'More:';

const HELP: Readonly<Record<string, Help>> = {
  init: {
    group: BEGIN,
    examples: [
      ['init', 'for the project in this folder'],
      ['init lab --preset tiny-lm', 'a sample project that runs'],
    ],
  },
  check: {
    group: BEGIN,
    examples: [
      ['check', 'is everything there?'],
      ['check --measure', 'how noisy is the baseline?'],
      ['check --json', 'for an editor or a script'],
    ],
  },
  run: {
    group: BEGIN,
    examples: [
      ['run --name mar5 --time 8h', 'a night'],
      ['run --preset tiny-lm --experiments 20', 'without a project of your own'],
      ['run --set trainer.timeout=10m', 'with one value of the config changed'],
    ],
  },
  resume: {
    group: BEGIN,
    examples: [
      ['resume', 'the last run'],
      ['resume mar5 --experiments 200', 'with a larger budget'],
    ],
  },
  join: {
    group: SWARM,
    examples: [
      ['join ssh://git@host/lab.git', 'in a clone of its own'],
      ['join origin --focus "the optimizer"', 'in this repository'],
    ],
  },
  sync: { group: SWARM, examples: [['sync', 'now, also while the run goes on']] },
  nodes: {
    group: SWARM,
    examples: [
      ['nodes', 'who takes part'],
      ['nodes --trust b2', 'let the word of b2 count'],
    ],
  },
  leave: { group: SWARM, examples: [['leave', 'for good, or for now']] },
  exec: { group: BEGIN, examples: [['exec -- node evaluate.mjs', 'as a trial would find it']] },
  runs: {
    group: LOOK,
    examples: [
      ['runs', 'all runs of this repository'],
      ['runs --json', 'for a script'],
    ],
  },
  status: {
    group: LOOK,
    examples: [
      ['status', 'of the last run'],
      ['status --follow', 'live, also from another terminal'],
      ['status mar5 --json', 'for a script'],
    ],
  },
  mcp: {
    group: LOOK,
    examples: [
      ['mcp', 'for a coding agent that reads results'],
      ['mcp --write', 'for one that may also steer, stop and record your decisions'],
    ],
  },
  log: {
    group: LOOK,
    examples: [
      ['log --rank', 'what was kept, the largest gain first'],
      ['log mar5 --tsv > results.tsv', 'for other tools'],
      ['log --json --short --since 120', 'what is new, in short rows'],
    ],
  },
  show: {
    group: LOOK,
    examples: [
      ['show 12', 'of the last run'],
      ['show 12 --run mar5', 'of another'],
    ],
  },
  ui: {
    group: LOOK,
    examples: [
      ['ui', 'the last run, in a browser'],
      ['ui mar5 --port 8080 --read-only', 'to look at, always at the same place'],
    ],
  },
  report: {
    group: LOOK,
    examples: [
      ['report --out night.html', 'to send it on'],
      ['report --json', 'where it is, and where the run stands'],
    ],
  },
  prompt: {
    group: STEER,
    examples: [
      ['prompt', 'what the agent will read'],
      ['prompt --agent codex', 'of one agent in a chain'],
    ],
  },
  steer: { group: STEER, examples: [['steer "try smaller batches"', 'read with the next proposal']] },
  pause: { group: STEER, examples: [['pause --note "the card is needed"', 'until resume, or stop']] },
  stop: { group: STEER, examples: [['stop mar5', 'once its experiment is settled']] },
  verify: {
    group: TRUST,
    examples: [
      ['verify', 'is the record complete and consistent?'],
      ['verify --recompute', 'do all gates still come to the same result?'],
    ],
  },
  ablate: {
    group: TRUST,
    examples: [
      ['ablate', 'which keeps contribute to the gain?'],
      ['ablate --drop', 'and build a branch without the others'],
    ],
  },
  rejudge: {
    group: TRUST,
    examples: [
      ['rejudge mar5', 'which keeps would the gate posterior keep?'],
      ['rejudge --gate min-delta --set delta=0.001', 'the same for another gate'],
    ],
  },
  import: {
    group: TRUST,
    examples: [
      ['import results.tsv --name mar5', 'the log of another tool'],
      ['import log.csv --map score=val_loss,status=decision', 'with columns of your own'],
    ],
  },
  review: {
    group: HAND_ON,
    examples: [
      ['review', 'decide on each kept change'],
      ['review --approve 12,15 --note "measured twice"', 'without a terminal'],
    ],
  },
  promote: {
    group: HAND_ON,
    examples: [
      ['promote', 'what is approved, audited'],
      ['promote --onto main --out pr.md', 'for a pull request'],
      ['promote mar5 --branch better-model --pull-request', 'as a pull request'],
    ],
  },
  'audit-log': { group: HAND_ON, examples: [['audit-log --format csv --out audit.csv', 'for compliance']] },
  transfer: { group: HAND_ON, examples: [['transfer --help', 'what it takes']] },
  doctor: {
    group: MORE,
    examples: [
      ['doctor', 'what crashed processes have left behind'],
      ['doctor --fix', 'and remove it'],
    ],
  },
  skill: {
    group: MORE,
    examples: [
      ['skill install claude', 'for Claude Code in this project'],
      ['skill install --user', 'for every agent on this machine, in all projects'],
    ],
  },
  explain: { group: MORE, examples: [['explain PARAMETER_NOT_FOUND', 'what a code means, and what to do']] },
  plugin: {
    group: MORE,
    examples: [
      ['plugin new gate my-gate', 'a package that works'],
      ['plugin check', 'test it against the rules for its kind'],
    ],
  },
  completion: { group: MORE, examples: [['completion bash >> ~/.bashrc', 'or zsh, fish, powershell']] },
};

/** Puts each command into its group, with its examples below its help. */
export function arrangeHelp(program: Command): void {
  program.addHelpCommand(
    new Command('help').argument('[command]').helpOption(false).description('the help of one command').helpGroup(MORE),
  );
  for (const command of program.commands) {
    const { group = MORE, examples = [] } = HELP[command.name()] ?? {};
    command.helpGroup(group);
    if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${lines(examples)}`);
  }
  const first = [
    ['run --preset tiny-lm', 'a first run, without a project of your own'],
    ['init', 'begin with your own project'],
    ['check', 'is everything there?'],
    ['run', 'go'],
    ['log --rank', 'what was kept'],
  ] as const;
  program.addHelpText('after', `\nExamples:\n${lines(first)}`);
}

function lines(examples: Help['examples']): string {
  const width = Math.max(...examples.map(([typed]) => typed.length));
  return examples.map(([typed, why]) => `  autoresearch ${typed.padEnd(width)}  # ${why}`).join('\n');
}
