/** The same questions for a person at a terminal; what was found is what Enter takes. */
import { cancel, confirm, intro, isCancel, log, multiselect, select, spinner, text } from '@clack/prompts';
import type { Direction } from '../experiment.ts';
import type { Answers } from './answers.ts';
import type { AgentChoice } from './agents.ts';
import type { Candidate } from './candidate.ts';
import { agentFor, chooseCandidate, draft, editFor, metricFor, type InitFlags } from './draft.ts';
import { metricOf, rankFigures, type Metric } from './figures.ts';
import { agentsFor, figuresInSource, inspect, outputsOf, type Findings } from './findings.ts';
import type { Printed } from './printed.ts';
import type { Project } from './project.ts';
import { tryOut, type TryOut } from './try-out.ts';

export async function ask(project: Project, flags: InitFlags, signal: AbortSignal): Promise<Answers> {
  intro('autoresearch: what should get better?');
  const findings = inspect(project);
  const candidate = await askCandidate(project, findings, flags);
  const edit = flags.edit ?? (await askEdit(project, candidate));
  const tried = await askTry(project, candidate, flags, signal);
  const printed = tried?.problem === null ? tried.figures : [];
  const figures = printed.length > 0 ? printed : figuresInSource(project, candidate);
  const metric = await askMetric(figures, flags, tried?.problem === null);
  const agent = await askAgent(project, edit, flags);
  const tests = flags.test ?? (findings.tests !== null && (await askTests(findings.tests)) ? findings.tests : undefined);
  const seconds = tried?.problem === null ? tried.seconds : null;
  const outputs = await outputsOf(project);
  return draft({ project, candidate, edit, metric, agent, outputs, seconds }, { ...flags, ...(tests !== undefined && { test: tests }) });
}

const OTHER = '\u0000other';

async function askCandidate(project: Project, findings: Findings, flags: InitFlags): Promise<Candidate> {
  if (flags.train !== undefined) return chooseCandidate(project, findings, flags);
  const options = findings.candidates.map((candidate) => ({
    value: candidate.run.join(' '),
    label: candidate.run.join(' '),
    hint: candidate.from,
  }));
  const chosen =
    options.length === 0
      ? OTHER
      : await given(
          select({
            message: 'Which command is a trial: what trains or measures, and prints a number?',
            options: [...options, { value: OTHER, label: 'another command' }],
          }),
        );
  const found = findings.candidates.find((candidate) => candidate.run.join(' ') === chosen);
  if (found !== undefined) return found;
  const train = await given(
    text({
      message: 'The command, as you would type it here',
      placeholder: 'python3 train.py',
      validate: (value) => ((value ?? '').trim() === '' ? 'a trial needs a command' : undefined),
    }),
  );
  return chooseCandidate(project, findings, { ...flags, train });
}

async function askEdit(project: Project, candidate: Candidate): Promise<readonly string[]> {
  const found = candidate.sources.length > 0 ? editFor(candidate, {}) : [];
  const code = project.files
    .filter((file) => /\.(py|[cm]?[jt]sx?|c|cc|cpp|h|rs|go|sh|R|jl|rb|java|kt|sql|ya?ml|toml)$/.test(file))
    .slice(0, 40);
  const options = [...new Set([...found, ...candidate.sources, ...code])].map((value) => ({ value, label: value }));
  if (options.length === 0)
    return [await given(text({ message: 'Which files may be changed? A path or a pattern', placeholder: 'src/**' }))];
  return given(
    multiselect({ message: 'Which files may be changed? All others are protected', options, initialValues: [...found], required: true }),
  );
}

async function askTry(project: Project, candidate: Candidate, flags: InitFlags, signal: AbortSignal): Promise<TryOut | null> {
  const command = candidate.run.join(' ');
  const wanted = flags.try ?? (await given(confirm({ message: `Run \`${command}\` once now, to see what it prints?` })));
  if (!wanted) return null;
  const progress = spinner();
  progress.start(command);
  const tried = await tryOut(project.dir, candidate.run, candidate.shell === true, signal);
  progress.stop(`${command}: ${tried.seconds.toFixed(1)} s`);
  if (tried.problem !== null) log.warn(`it failed: ${tried.problem}`);
  return tried;
}

async function askMetric(figures: readonly Printed[], flags: InitFlags, wasRun: boolean): Promise<Metric> {
  if (flags.metric !== undefined) return metricFor(figures, flags, wasRun);
  const ranked = rankFigures(figures);
  const rest = figures.filter((figure) => !ranked.includes(figure));
  const options = [...ranked, ...rest].map((figure) => ({
    value: figure.name,
    label: figure.name,
    ...(figure.value !== null && { hint: String(figure.value) }),
  }));
  const duration = { value: 'seconds', label: 'how long a trial takes' };
  const chosen = await given(
    select({
      message: 'Which number should get better?',
      options: [
        ...options,
        ...(options.some(({ value }) => value === 'seconds') ? [] : [duration]),
        { value: OTHER, label: 'another one' },
      ],
    }),
  );
  const name =
    chosen === OTHER ? await given(text({ message: 'Its name, as it is printed before the number', placeholder: 'accuracy' })) : chosen;
  const guess = metricFor(figures, { ...flags, metric: name }, wasRun);
  const figure = figures.find((one) => one.name === name);
  const directions: readonly { value: Direction; label: string }[] = [
    { value: 'minimize', label: 'lower is better' },
    { value: 'maximize', label: 'higher is better' },
  ];
  const direction =
    flags.direction ??
    (await given(select({ message: `${name}: which way is better?`, options: [...directions], initialValue: guess.direction })));
  return figure === undefined ? { ...guess, direction } : metricOf(figure, direction);
}

async function askAgent(project: Project, edit: readonly string[], flags: InitFlags): Promise<AgentChoice> {
  const agents = agentsFor(project, edit);
  for (const line of agents.locked) log.info(line);
  if (flags.agent !== undefined || agents.usable.length < 2) return agentFor(agents, flags);
  const use = await given(
    select({ message: 'Who proposes changes?', options: agents.usable.map((one) => ({ value: one.use, label: one.use, hint: one.why })) }),
  );
  return agentFor(agents, { ...flags, agent: use });
}

async function askTests(command: string): Promise<boolean> {
  return given(
    confirm({
      message: `Run the tests before each trial (${command})? A change that breaks them is then never measured`,
      initialValue: false,
    }),
  );
}

/** @throws DOMException AbortError where the person leaves with Ctrl-C */
async function given<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel('nothing was written');
  throw new DOMException('left by the person', 'AbortError');
}
