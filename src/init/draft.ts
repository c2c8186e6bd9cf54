/** The answers that follow from flags, and from what was found where no flag says anything. */
import type { Direction } from '../experiment.ts';
import { AutoresearchError } from '../errors.ts';
import { AGENT_NAMES, type AgentChoice, type FoundAgents } from './agents.ts';
import type { Answers } from './answers.ts';
import { editableOf } from './candidates.ts';
import type { Candidate } from './candidate.ts';
import { DURATION, metricOf, namedMetric, rankFigures, type Metric } from './figures.ts';
import type { Findings } from './findings.ts';
import { ignoredThatIsNamed } from './findings.ts';
import type { Printed } from './printed.ts';
import type { Project } from './project.ts';
import { commandOf } from './shell-words.ts';

export interface InitFlags {
  readonly preset?: string;
  readonly yes?: boolean;
  readonly train?: string;
  readonly metric?: string;
  readonly direction?: Direction;
  readonly edit?: readonly string[];
  readonly agent?: string;
  readonly link?: readonly string[];
  readonly test?: string;
  readonly timeout?: string;
  readonly experiments?: number;
  readonly time?: string;
  /** False for `--no-try`. */
  readonly try?: boolean;
}

/** The command that the person has named, else the likeliest. */
export function chooseCandidate(project: Project, { candidates }: Findings, flags: InitFlags): Candidate {
  if (flags.train === undefined) {
    const [first] = candidates;
    if (first !== undefined) return first;
    throw new AutoresearchError('INIT_NOTHING_FOUND', 'no script or command was found here that trains or measures something', {
      hint: 'name it: autoresearch init --train "python3 train.py" --metric accuracy; or start from an example: autoresearch init DIR --preset tiny-lm',
    });
  }
  const { run, shell } = commandOf(flags.train);
  const known = candidates.find((candidate) => candidate.run.join(' ') === run.join(' '));
  if (known !== undefined) return known;
  const named = project.files.filter((file) => run.some((word) => word.split(/\s+/).some((part) => part.replace(/^\.\//, '') === file)));
  const similar = candidates.find(({ file }) => file !== null && named.includes(file));
  const needs = similar?.needs?.link?.some((folder) => run[0]?.startsWith(`${folder}/`)) ? similar.needs : linkOf(project, run);
  return { run, shell, from: '--train', file: named[0] ?? null, sources: similar?.sources ?? named, weight: 0, ...(needs && { needs }) };
}

/** A program inside of an ignored folder, such as a virtual environment. */
function linkOf(project: Project, [program = '']: readonly string[]): Candidate['needs'] {
  const folder = program.split('/')[0] ?? '';
  return program.includes('/') && [...project.ignored, ...project.unignored].includes(folder) ? { link: [folder] } : undefined;
}

export function editFor(candidate: Candidate, flags: InitFlags): readonly string[] {
  const edit = flags.edit ?? editableOf(candidate);
  if (edit.length > 0) return edit;
  throw new AutoresearchError('INIT_INCOMPLETE', `it is not clear which files \`${candidate.run.join(' ')}\` works with`, {
    hint: 'name what may be changed: --edit src/model.py',
  });
}

/** The metric that was named; else the likeliest figure; else, where the trial was run and prints none, how long it takes. */
export function metricFor(figures: readonly Printed[], flags: InitFlags, wasRun: boolean): Metric {
  if (flags.metric === 'seconds' && !figures.some(({ name }) => name === 'seconds'))
    return { ...DURATION, direction: flags.direction ?? 'minimize' };
  if (flags.metric !== undefined) return namedMetric(flags.metric, figures, flags.direction);
  const [first] = rankFigures(figures);
  if (first !== undefined) return metricOf(first, flags.direction);
  if (wasRun) return DURATION;
  throw new AutoresearchError('INIT_INCOMPLETE', 'no number was found that a trial prints', {
    hint: 'name it: --metric accuracy for a line such as `accuracy: 0.93`; --metric seconds for how long a trial takes; or let the trial be run once: --yes',
  });
}

export function agentFor({ usable, locked }: FoundAgents, flags: InitFlags): AgentChoice {
  const found = flags.agent === undefined ? usable[0] : usable.find(({ use }) => use === flags.agent);
  if (found !== undefined) return found;
  if (flags.agent !== undefined && flags.agent !== 'search' && AGENT_NAMES.includes(flags.agent))
    return { use: flags.agent, why: 'as asked for' };
  const why =
    flags.agent === 'search'
      ? 'the editable files have no constant to search'
      : 'no agent can be used here, and the editable files have no constant to search';
  throw new AutoresearchError(
    'INIT_INCOMPLETE',
    flags.agent === undefined || flags.agent === 'search' ? why : `there is no agent ${flags.agent}`,
    {
      hint: [
        ...locked,
        `install one of ${AGENT_NAMES.slice(1).join(', ')} and name it: --agent claude-code`,
        'or name a file that has constants: --edit FILE',
      ].join('; '),
    },
  );
}

interface Parts {
  readonly project: Project;
  readonly candidate: Candidate;
  readonly edit: readonly string[];
  readonly metric: Metric;
  readonly agent: AgentChoice;
  readonly outputs: readonly string[];
  /** Of the trial that was run; null where none was. */
  readonly seconds: number | null;
}

export function draft({ project, candidate, edit, metric, agent, outputs, seconds }: Parts, flags: InitFlags): Answers {
  const { needs = {}, run, shell = false } = candidate;
  return {
    run,
    shell,
    edit,
    metric,
    agent,
    tests: flags.test ?? null,
    link: [...new Set([...(needs.link ?? []), ...(flags.link ?? []), ...ignoredThatIsNamed(project, candidate)])],
    readable: needs.readable ?? [],
    writable: needs.writable ?? [],
    outputs: [...new Set([...(needs.outputs ?? []), ...outputs])],
    timeout: flags.timeout ?? timeoutFor(seconds),
    experiments: flags.experiments ?? 100,
    time: flags.time ?? '8h',
  };
}

/** Five times the time it took: the machine may be busier later, and a change slower. */
function timeoutFor(seconds: number | null): string {
  if (seconds === null) return '10m';
  return `${Math.max(1, Math.ceil((5 * seconds) / 60))}m`;
}
