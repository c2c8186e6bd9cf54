import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { REPORT_SCHEMA, reportRequest, watchIdle } from '../../../src/agent.ts';
import type { AgentResult, Brief, ExecResult, Meter, PluginContext } from '../../../src/plugin.ts';
import { answerOf } from './answer.ts';
import { eventsOf } from './events.ts';
import { failureOf } from './failure.ts';
import { environmentOf, openService } from './service.ts';
import { usageOf } from './usage.ts';
import type { CliOptions } from './options.ts';
import type { Cli } from './types.ts';

/** A model may think for minutes, but its service sends signs of life meanwhile. */
const DEFAULT_IDLE_MS = 10 * 60_000;

const HOW = {
  schema: 'answer with this JSON, and `"status": "changed"` in it',
  text: 'print this JSON last, in a ```json block',
};

/** Structured answers need every field, also the one that says that nothing was changed. */
const SCHEMA = JSON.stringify({
  ...REPORT_SCHEMA,
  required: [...REPORT_SCHEMA.required, 'status'],
  properties: { ...REPORT_SCHEMA.properties, status: { type: 'string', enum: ['changed', 'no-change', 'exhausted'] } },
});

export async function promptOf({ hasSchema }: Cli, brief: Brief): Promise<string> {
  return `${await brief.prompt()}\n${reportRequest(hasSchema ? HOW.schema : HOW.text)}`;
}

/** One proposal: starts the agent behind a meter, waits, and tells what became of it. */
export async function propose(cli: Cli, options: CliOptions, context: PluginContext, brief: Brief): Promise<AgentResult> {
  if (brief.signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped' };
  const input = await promptOf(cli, brief);
  const idleMs = brief.limits.idleMs ?? DEFAULT_IDLE_MS;
  const idle = watchIdle(idleMs, brief.signal);
  const service = await openService(cli, options, context, brief, idle.touch);
  if ('status' in service) return service;
  try {
    const result = await run(cli, { options, context, brief, meter: service.meter, input, idle });
    await service.meter?.close();
    const output = await readFile(outputFile(brief), 'utf8').catch(() => result.tail);
    const heard = cli.hear(eventsOf(output));
    const usage = usageOf(heard, service.meter);
    const failure = failureOf({
      cli,
      options,
      result,
      heard,
      meter: service.meter,
      timeoutMs: brief.timeoutMs,
      idleMs: idle.isIdle() ? idleMs : null,
    });
    return { ...(failure ?? answerOf(heard, options, context.label)), ...(usage && { usage }) };
  } finally {
    idle.stop();
    await service.meter?.close();
  }
}

interface Run {
  readonly options: CliOptions;
  readonly context: PluginContext;
  readonly brief: Brief;
  readonly meter: Meter | null;
  readonly input: string;
  readonly idle: ReturnType<typeof watchIdle>;
}

const outputFile = ({ scratchDir }: Brief) => join(scratchDir, 'output.log');

async function run(cli: Cli, { options, context, brief, meter, input, idle }: Run): Promise<ExecResult> {
  const home = join(brief.scratchDir, 'home');
  // Sessions and settings of an earlier proposal must not reach into this one.
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const { limits } = brief;
  const service = meter && { url: meter.url, token: meter.token, format: options.format ?? cli.format };
  const start = await cli.start({ brief, options, home, service, schema: SCHEMA, usd: limits.usd });
  for (const [path, text] of Object.entries(start.files ?? {})) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  await writeFile(join(brief.scratchDir, 'prompt.md'), input);
  return context.exec([options.program ?? cli.program, ...start.args, ...options.args], {
    cwd: brief.cwd,
    env: { ...environmentOf(cli, options, brief, home), ...start.env },
    input,
    timeoutMs: brief.timeoutMs,
    signal: idle.signal,
    onLine: idle.touch,
    logFile: outputFile(brief),
  });
}
