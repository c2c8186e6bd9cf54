/** Looks at a project, asks where there is somebody to ask, and writes what a run needs. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { AGENT_NAMES } from './agents.ts';
import type { Answers } from './answers.ts';
import { ask } from './ask.ts';
import { configText, programText } from './config-text.ts';
import { agentFor, chooseCandidate, draft, editFor, metricFor, type InitFlags } from './draft.ts';
import { agentsFor, figuresInSource, inspect, outputsOf } from './findings.ts';
import { writeIgnoreFile } from './ignore-file.ts';
import { openProject, type Project } from './project.ts';
import { tryOut } from './try-out.ts';

export const CONFIG = 'autoresearch.config.yaml';

export interface InitOptions {
  readonly dir: string;
  readonly flags: InitFlags;
  /** Is there a person at a terminal? */
  readonly isInteractive: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Gives what to tell the person, line by line. */
export async function initProject({ dir, flags, isInteractive, signal, say }: InitOptions): Promise<string> {
  checkFlags(flags);
  makeFolders(dir);
  const project = await openProject(dir);
  const answers = isInteractive && flags.yes !== true ? await ask(project, flags, signal) : await decide(project, flags, signal, say);
  const hasProgram = existsSync(join(dir, 'program.md'));
  writeFileSync(join(dir, CONFIG), configText(answers));
  if (!hasProgram) writeFileSync(join(dir, 'program.md'), programText(answers));
  const ignored = writeIgnoreFile(
    project,
    answers.outputs.filter((path) => path !== 'target'),
  );
  return summary(project, answers, { hasProgram, ignored });
}

async function decide(project: Project, flags: InitFlags, signal: AbortSignal, say: (line: string) => void): Promise<Answers> {
  const candidate = chooseCandidate(project, inspect(project), flags);
  const edit = editFor(candidate, flags);
  const wanted = flags.try ?? flags.yes === true;
  if (wanted) say(`running \`${candidate.run.join(' ')}\` once, to see what it prints`);
  const tried = wanted ? await tryOut(project.dir, candidate.run, candidate.shell === true, signal) : null;
  if (tried?.problem)
    say(`warning: it failed: ${tried.problem}${flags.train === undefined ? '\n  another command is named by --train "…"' : ''}`);
  const figures = tried && tried.problem === null ? tried.figures : figuresInSource(project, candidate);
  const metric = metricFor(
    figures.length > 0 ? figures : figuresInSource(project, candidate),
    flags,
    tried !== null && tried.problem === null,
  );
  const agent = agentFor(agentsFor(project, edit), flags);
  const outputs = await outputsOf(project);
  return draft(
    { project, candidate, edit, metric, agent, outputs, seconds: tried && tried.problem === null ? tried.seconds : null },
    flags,
  );
}

function checkFlags({ agent }: InitFlags): void {
  if (agent === undefined || AGENT_NAMES.includes(agent)) return;
  throw new AutoresearchError('USAGE', `--agent: there is no ${agent}`, {
    hint: `one of ${AGENT_NAMES.join(', ')}; others are set up in the config: docs/agents.md`,
  });
}

function summary(
  { isRepository }: Project,
  answers: Answers,
  { hasProgram, ignored }: { hasProgram: boolean; ignored: readonly string[] },
): string {
  const { run, metric, edit, agent, link } = answers;
  const git = isRepository ? '' : 'git init && ';
  // As it was started now: npx says so, and without it the program of a project is not on the PATH.
  const self = process.env['npm_command'] === 'exec' ? 'npx ' : '';
  return [
    `trial     ${run.join(' ')}`,
    `metric    ${metric.name}, ${metric.direction}${metric.pattern === null ? ': how long a trial takes' : ''}`,
    `editable  ${edit.join(', ')}`,
    `agent     ${agent.use}: ${agent.why}`,
    ...(link.length > 0 ? [`linked    ${link.join(', ')}: git ignores it, and trials need it`] : []),
    '',
    `written   ${[CONFIG, ...(hasProgram ? [] : ['program.md']), ...(ignored.length > 0 ? [`.gitignore (${ignored.join(' ')})`] : [])].join(', ')}`,
    ...(hasProgram ? ['          program.md was there already, and is the direction for the agent'] : []),
    '',
    'next',
    `  ${git}git add -A && git commit -m "Set up autoresearch"`,
    `  ${self}autoresearch check`,
    `  ${self}autoresearch run`,
  ].join('\n');
}
