import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanText, findJson, readReport, reportRequest, watchIdle, type Told } from '../../../src/agent.ts';
import {
  definePlugin,
  readPlainFile,
  startProblem,
  type AgentResult,
  type Brief,
  type ExecResult,
  type FailureKind,
  type PluginContext,
} from '../../../src/plugin.ts';
import { contextOf } from './context.ts';
import { verifyProgram } from './find-program.ts';
import { schema } from './schema.ts';

interface Options {
  readonly run: readonly string[];
  readonly shell: boolean;
  readonly env: readonly string[];
}

export default definePlugin({
  kind: 'agent',
  name: 'command',
  apiVersion: 1,
  description: 'Asks any program for a change: prompt on stdin, context and report as JSON files.',
  schema,
  create: (options, context) => ({
    verify: async (preflight) => {
      const [program = ''] = options.run;
      if (!options.shell) await verifyProgram(program, preflight);
    },
    // A program may not know that it can be asked to fix a crash.
    fixAttempts: 0,
    prompt: promptOf,
    check: async () => ({ found: options.run.join(' '), login: 'its own', scope: 'none of its own' }),
    propose: (brief) => propose(options, context, brief),
  }),
});

async function propose(options: Options, context: PluginContext, brief: Brief): Promise<AgentResult> {
  const { scratchDir, cwd, timeoutMs, signal, limits } = brief;
  const files = {
    prompt: join(scratchDir, 'prompt.md'),
    context: join(scratchDir, 'context.json'),
    report: join(scratchDir, 'report.json'),
  };
  const prompt = await promptOf(brief);
  await mkdir(scratchDir, { recursive: true });
  await writeFile(files.prompt, prompt);
  await writeFile(files.context, JSON.stringify(contextOf(brief), null, 2));
  // A report of an earlier experiment must never be read as one of this experiment.
  await rm(files.report, { force: true });

  const env = {
    ...brief.env,
    ...named(options.env),
    AUTORESEARCH_PROMPT: files.prompt,
    AUTORESEARCH_CONTEXT: files.context,
    AUTORESEARCH_REPORT: files.report,
  };
  const idle = watchIdle(limits.idleMs, signal);
  const result = await context.exec(argvOf(options), {
    cwd,
    env,
    input: prompt,
    timeoutMs,
    signal: idle.signal,
    onLine: idle.touch,
    logFile: join(scratchDir, 'output.log'),
  });
  idle.stop();
  const program = options.run[0] ?? '';
  if (idle.isIdle()) return { status: 'failed', kind: 'idle', message: `${program} printed nothing for ${(limits.idleMs ?? 0) / 1000} s` };
  if (result.exit !== 'completed') return failure(program, result, { cwd, timeoutMs });
  return answerOf(await readPlainFile(files.report).catch(() => null), result.tail, context.label);
}

const HOW = 'write this JSON to the file named by the\nenvironment variable AUTORESEARCH_REPORT, or print it last, in a ```json block';

async function promptOf(brief: Brief): Promise<string> {
  return `${await brief.prompt()}\n${reportRequest(HOW)}`;
}

function argvOf({ run, shell }: Options): [string, ...string[]] {
  if (shell) return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', run.join(' ')] : ['sh', '-c', run.join(' ')];
  const [program = '', ...args] = run;
  return [program, ...args];
}

/** The environment variables the user named for this agent, as far as they are set. */
function named(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

function failure(program: string, result: ExecResult, { cwd, timeoutMs }: Pick<Brief, 'cwd' | 'timeoutMs'>): AgentResult {
  const { exit, exitCode, signal, tail, spawnError } = result;
  const failed = (kind: FailureKind, message: string): AgentResult => ({ status: 'failed', kind, message });
  if (spawnError !== undefined) return failed('not-installed', startProblem({ program, cwd, code: spawnError }));
  if (exit === 'aborted') return failed('cancelled', 'the run is being stopped');
  if (exit === 'timed-out') return failed('timeout', `${program} took longer than ${Math.round(timeoutMs / 1000)} s`);
  const last = cleanText(tail, 64 * 1024)
    .trim()
    .split('\n')
    .slice(-10)
    .join('\n');
  const how = exitCode === null ? `was ended by ${signal}` : `exited with ${exitCode}`;
  return failed('crash', `${program} ${how}${last === '' ? '' : `:\n${last.slice(-2000)}`}`);
}

/** The first report that can be read: the file, then the output. Without one, the engine describes the change. */
function answerOf(file: string | null, output: string, label: string): AgentResult {
  const fromFile = file === null ? null : readReport(parse(file) ?? findJson(file));
  if (fromFile !== null) return resultOf(fromFile, 'file', label);
  const fromOutput = readReport(findJson(output));
  if (fromOutput !== null) return resultOf(fromOutput, 'fenced', label);
  return { status: 'proposed', report: { title: '', source: 'derived' } };
}

function resultOf({ status, title, reason, report, usage }: Told, source: 'file' | 'fenced', label: string): AgentResult {
  if (status === 'exhausted') return { status, reason: reason || title || `${label} has nothing left to try` };
  // Without a title the engine calls it by its diff.
  const fallback = status === 'no-change' ? `no change by ${label}` : '';
  return { status, report: { ...report, title: title || fallback, source }, ...(usage && { usage }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
