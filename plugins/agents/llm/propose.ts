import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanLine, findJson, readReport, watchIdle } from '../../../src/agent.ts';
import {
  createPathRule,
  type AgentFailure,
  type AgentResult,
  type Brief,
  type Meter,
  type PluginContext,
  type Usage,
} from '../../../src/plugin.ts';
import { kindOf, wordsOf } from '../_cli/failure.ts';
import { editsOf } from './answer.ts';
import { ask } from './ask.ts';
import { applyEdits } from './edits.ts';
import { readEditable } from './files.ts';
import type { LlmOptions } from './options.ts';
import { accessOf } from './providers.ts';
import { requestOf } from './request.ts';

const DEFAULT_IDLE_MS = 5 * 60_000;
/** What a meter needs for a service without a key. */
const NO_KEY = 'none';

export async function promptOf(brief: Brief, complaint: string | null): Promise<string> {
  return requestOf(brief, await readEditable(brief.cwd, createPathRule(brief.scope)), complaint);
}

/** One proposal: one request, whose edits are applied here, so that none can be outside the scope. */
export async function propose(options: LlmOptions, context: PluginContext, brief: Brief, complaint: string | null): Promise<AgentResult> {
  const failed = (kind: AgentFailure['kind'], message: string, more = {}): AgentFailure => ({ status: 'failed', kind, message, ...more });
  if (brief.signal.aborted) return failed('cancelled', 'the run is being stopped');
  const { url, key: name } = accessOf(options);
  const key = name === null ? NO_KEY : (process.env[name] ?? '');
  if (key === '') return failed('auth', `the variable ${name} holds no key`);
  if (url === null) return failed('config', 'openai-compatible needs `url`');
  const prompt = await promptOf(brief, complaint);
  await mkdir(brief.scratchDir, { recursive: true });
  await writeFile(join(brief.scratchDir, 'prompt.md'), prompt);
  const idleMs = brief.limits.idleMs ?? DEFAULT_IDLE_MS;
  const idle = watchIdle(idleMs, AbortSignal.any([brief.signal, AbortSignal.timeout(brief.timeoutMs)]));
  const { requests, tokens, usd } = brief.limits;
  const caps = {
    ...(requests !== undefined && { requests }),
    ...(tokens !== undefined && { tokens }),
    ...(usd !== undefined && options.prices && { usd }),
  };
  const meter = await context.meter({
    upstream: url,
    key,
    caps,
    signal: idle.signal,
    onActivity: idle.touch,
    ...(options.prices && { prices: options.prices }),
  });
  try {
    const text = await ask(prompt, meter, options, idle.signal);
    await writeFile(join(brief.scratchDir, 'answer.txt'), text);
    return { ...(await resultOf(text, options, context, brief)), usage: usageOf(meter) };
  } catch (error) {
    const usage = usageOf(meter);
    if (brief.signal.aborted) return failed('cancelled', 'the run is being stopped', { usage });
    if (idle.isIdle()) return failed('idle', `the model was silent for ${idleMs / 1000} s`, { usage });
    if (idle.signal.aborted) return failed('timeout', `the model took longer than ${Math.round(brief.timeoutMs / 1000)} s`, { usage });
    return { ...failureOf(error, meter), usage };
  } finally {
    idle.stop();
    await meter.close();
  }
}

async function resultOf(text: string, { model }: LlmOptions, { label }: PluginContext, { cwd, scope }: Brief): Promise<AgentResult> {
  const answer = findJson(text);
  const told = readReport(answer);
  if (told === null) return { status: 'failed', kind: 'bad-output', message: `it is no JSON object: ${cleanLine(text, 200)}` };
  const { status, title, reason, report } = told;
  if (status === 'exhausted') return { status, reason: reason || title || `${label} has nothing left to try` };
  const words = { ...report, model, source: 'schema' } as const;
  if (status === 'no-change') return { status, report: { ...words, title: title || `no change by ${label}` } };
  const edits = editsOf(answer);
  if (edits === null || edits.length === 0)
    return { status: 'failed', kind: 'bad-output', message: 'it has no `edits`, each with path, search and replace' };
  const wrong = await applyEdits(cwd, edits, createPathRule(scope));
  if (wrong !== null) return { status: 'failed', kind: 'bad-output', message: wrong };
  return { status: 'proposed', report: { ...words, title } };
}

function failureOf(error: unknown, meter: Meter): AgentFailure {
  const capped = meter.capped();
  if (capped) return { status: 'failed', kind: 'budget', message: capped };
  const upstream = meter.lastError();
  if (upstream) {
    const retry = upstream.retryAfterMs === undefined ? {} : { retryAfterMs: upstream.retryAfterMs };
    return { status: 'failed', kind: kindOf(upstream), message: wordsOf(upstream), ...retry };
  }
  return { status: 'failed', kind: 'bad-output', message: cleanLine(error instanceof Error ? error.message : String(error), 500) };
}

function usageOf(meter: Meter): Usage {
  const { requests, inputTokens, cachedTokens, outputTokens, usd } = meter.usage();
  return { requests, inputTokens, cachedTokens, outputTokens, ...(usd !== undefined && { usd }), source: 'meter' };
}
