/** The config and the direction for the agent, as texts. */
import type { Answers } from './answers.ts';
import { flow } from './flow.ts';
import type { Tunable } from './tunables.ts';

const SCHEMA_LINE = '# yaml-language-server: $schema=./node_modules/autoresearch/schemas/editor.schema.json';

export function configText(answers: Answers): string {
  const { edit, metric, timeout, experiments, time, outputs, link, readable, writable } = answers;
  const places = { link, outputs, readable, writable };
  const workspace = Object.fromEntries(Object.entries(places).filter(([, paths]) => paths.length > 0));
  const measure =
    metric.pattern === null
      ? { use: 'duration' }
      : { use: 'regex', with: { pattern: metric.pattern, ...(metric.last && { match: 'last' }) } };
  return [
    SCHEMA_LINE,
    'program: program.md',
    `scope: ${flow({ edit })} # the files that may change; all others are protected`,
    ...(Object.keys(workspace).length === 0 ? [] : [`workspace: ${flow(workspace)}`]),
    `objective: ${flow({ use: 'single', with: { metric: metric.name, direction: metric.direction } })}`,
    ...agentLines(answers),
    `trainer: ${flow({ use: 'command', with: trialOf(answers), timeout })}`,
    'metrics:',
    `  ${metric.name}: ${flow(measure)}`,
    'gates:',
    '  - { use: posterior }',
    '  - { use: audit }',
    `budget: ${flow({ experiments, time })}`,
    '',
  ].join('\n');
}

function agentLines({ agent }: Answers): string[] {
  const parameters = agent.with?.['parameters'] as readonly Tunable[] | undefined;
  if (parameters === undefined) return [`agent: ${flow({ use: agent.use, ...(agent.with && { with: agent.with }) })}`];
  return ['agent:', `  use: ${agent.use}`, '  with:', '    parameters:', ...parameters.map((parameter) => `      - ${flow(parameter)}`)];
}

/** With tests, a change that breaks them fails before it is measured; what they print is not read as a metric. */
function trialOf({ run, shell, tests }: Answers): { run: readonly string[]; shell?: boolean } {
  if (tests === null) return shell ? { run, shell } : { run };
  const trial = shell ? run.join(' ') : run.map(word).join(' ');
  const log = '"${TMPDIR:-/tmp}/tests.log"';
  return { run: [`${tests} > ${log} 2>&1 || { tail -n 40 ${log}; exit 1; }; ${trial}`], shell: true };
}

function word(text: string): string {
  return /^[\w./=:,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function programText({ metric, edit, run, tests }: Answers): string {
  const goal = metric.direction === 'minimize' ? 'as low' : 'as high';
  return `# Direction

Goal: make \`${metric.name}\` ${goal} as you can. A trial runs \`${run.join(' ')}\` and reads it ${metric.pattern === null ? 'off the clock' : 'from the output'}.

- You may change: ${edit.join(', ')}.
- You must not change how \`${metric.name}\` is computed, or what it is computed from.${tests === null ? '' : `\n- The tests must pass: \`${tests}\`.`}
- Prefer simple changes; an equal result with less code is a gain.

Write here what you know about the problem: what has been tried, what matters, what must not get worse.
`;
}
