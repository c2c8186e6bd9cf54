import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { historyServer, type HistoryServer, type IdleWatch } from '../../../src/agent.ts';
import { readPlainFile, type Brief, type ExecOptions, type ExecResult, type Meter, type PluginContext } from '../../../src/plugin.ts';
import { eventsOf } from './events.ts';
import { environmentOf } from './service.ts';
import type { CliOptions } from './options.ts';
import type { Cli, Heard, PrintingCli, TalkingCli } from './types.ts';

export interface Run {
  readonly options: CliOptions;
  readonly context: PluginContext;
  readonly brief: Brief;
  readonly meter: Meter | null;
  /** The JSON schema of the report, as text. */
  readonly schema: string;
  readonly prompt: string;
  readonly idle: IdleWatch;
}

export interface RunResult {
  readonly result: ExecResult;
  readonly heard: Heard;
}

/** After an interruption, the conversation has this long to end cleanly, and then the program. */
const BREAK_OFF_MS = 10_000;

/** Starts the agent's program and waits for what it says. */
export async function run(cli: Cli, run: Run): Promise<RunResult> {
  const started = await prepare(cli, run);
  return 'talk' in cli ? converse(cli, started, run) : listen(cli, started, run);
}

type Started = readonly [argv: readonly [string, ...string[]], options: ExecOptions];

/** Everything its program needs to be started. */
async function prepare(cli: Cli, { options, brief, meter, schema, prompt, idle }: Run): Promise<Started> {
  const home = join(brief.scratchDir, 'home');
  // Sessions and settings of an earlier proposal must not influence this one.
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const service = meter && { url: meter.url, token: meter.token, format: options.format ?? cli.format };
  const start = await cli.start({ brief, options, home, service, history: historyFor(options, brief), schema, usd: brief.limits.usd });
  for (const [path, text] of Object.entries(start.files ?? {})) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  await writeFile(join(brief.scratchDir, 'prompt.md'), prompt);
  const env = { ...environmentOf(cli, options, brief, home), ...start.env };
  return [
    [options.program ?? cli.program, ...start.args, ...(options.args ?? [])],
    { cwd: brief.cwd, env, onLine: idle.touch, logFile: join(brief.scratchDir, 'output.log') },
  ];
}

function historyFor({ history }: CliOptions, { run: { name } }: Brief): HistoryServer | null {
  return history === 'mcp' ? historyServer(name) : null;
}

async function listen(cli: PrintingCli, [argv, more]: Started, { context, brief, prompt, idle }: Run): Promise<RunResult> {
  const result = await context.exec(argv, { ...more, input: prompt, timeoutMs: brief.timeoutMs, signal: idle.signal });
  const output = (await readPlainFile(more.logFile ?? '').catch(() => null)) ?? result.tail;
  return { result, heard: cli.hear(eventsOf(output)) };
}

/** The timeout is kept here and not by exec, because an agent that is killed cannot report its usage. */
async function converse(cli: TalkingCli, [argv, more]: Started, { options, context, brief, prompt, idle }: Run): Promise<RunResult> {
  const deadline = AbortSignal.timeout(brief.timeoutMs);
  const signal = AbortSignal.any([deadline, idle.signal]);
  let heard: Heard = { error: { message: 'it ended before it was spoken with' } };
  let brokenOff: ExecResult['exit'] | null = null;
  const result = await context.exec(argv, {
    ...more,
    talk: async (pipes) => {
      heard = await cli.talk(pipes, { brief, prompt, history: historyFor(options, brief), signal });
      // From here on it only shuts down, which has no timeout.
      idle.stop();
      brokenOff = idle.signal.aborted ? 'aborted' : deadline.aborted ? 'timed-out' : null;
    },
    timeoutMs: brief.timeoutMs + BREAK_OFF_MS,
  });
  // A complete answer counts, however the program ends.
  const exit = brokenOff ?? (heard.error === undefined ? 'completed' : result.exit);
  return { result: { ...result, exit }, heard };
}
