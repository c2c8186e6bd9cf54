import { cleanLine, cleanText } from '../../../src/agent.ts';
import type { AgentFailure, ExecResult, FailureKind, Meter, UpstreamError } from '../../../src/plugin.ts';
import type { CliOptions } from './options.ts';
import type { Cli, Heard } from './types.ts';

interface Ended {
  readonly cli: Cli;
  readonly options: CliOptions;
  readonly result: ExecResult;
  readonly heard: Heard;
  readonly meter: Meter | null;
  readonly timeoutMs: number;
  /** How long it was silent, when that ended it. */
  readonly idleMs: number | null;
}

const WORDS: ReadonlyArray<readonly [RegExp, FailureKind]> = [
  [
    /prompt is too long|context.{0,20}(length|window|overflow)|ran out of room|exceeds? the (maximum|limit).{0,30}tokens/i,
    'context-overflow',
  ],
  [/\b(401|403)\b|unauthori[sz]ed|authenticat|invalid.{0,12}(api )?key|not logged in|please run .*login|permission.denied/i, 'auth'],
  [/\b429\b|rate.?limit|usage limit|quota|resource_exhausted/i, 'rate-limit'],
  [/\b(5\d\d)\b|overloaded|unavailable|internal (server )?error/i, 'overloaded'],
  [/disconnected|ECONN|ENOTFOUND|ETIMEDOUT|socket|terminated|network|stream.{0,20}(closed|ended)/i, 'network'],
];

const LOGIN_HINT = 'with `login`, the sandbox must let it write to its folder in your home: workspace.writable';

/** Why the proposal failed; null if it did not. Neither an exit code of 0 nor the agent's own words prove success. */
export function failureOf(ended: Ended): AgentFailure | null {
  const failure = causeOf(ended);
  if (failure?.kind !== 'auth' || !ended.options.login) return failure;
  return { ...failure, message: `${failure.message} (${LOGIN_HINT})` };
}

function causeOf(ended: Ended): AgentFailure | null {
  const { result, heard, meter, timeoutMs, idleMs, cli, options } = ended;
  const program = options.program ?? cli.program;
  const failed = (kind: FailureKind, message: string, more = {}): AgentFailure => ({ status: 'failed', kind, message, ...more });
  if (result.spawnError === 'ENOENT') return failed('not-installed', `${program} cannot be found`);
  if (result.spawnError !== undefined) return failed('not-installed', `${program} cannot be started: ${result.spawnError}`);
  if (idleMs !== null) return failed('idle', `${program} and its model were silent for ${idleMs / 1000} s`);
  if (result.exit === 'aborted') return failed('cancelled', 'the run is being stopped');
  if (result.exit === 'timed-out') return failed('timeout', `${program} took longer than ${Math.round(timeoutMs / 1000)} s`);
  if (result.exit === 'completed' && heard.error === undefined) return null;
  const capped = meter?.capped();
  if (capped) return failed('budget', capped);
  const said = cleanLine(heard.error?.message || lastLines(result.tail), 500);
  if (heard.error?.kind !== undefined) return failed(heard.error.kind, said);
  const upstream = meter?.lastError();
  if (upstream)
    return failed(kindOf(upstream), wordsOf(upstream), upstream.retryAfterMs === undefined ? {} : { retryAfterMs: upstream.retryAfterMs });
  const how = result.exitCode === null ? `was ended by ${result.signal}` : `exited with ${result.exitCode}`;
  return failed(kindByWords(said) ?? 'crash', `${program} ${how}: ${said}`);
}

/** Goes by the last answer of the service. */
export function kindOf({ status, code, message }: UpstreamError): FailureKind {
  if (status === null) return 'network';
  if (status === 401 || status === 403) return 'auth';
  if (status === 413 || kindByWords(`${code} ${message}`) === 'context-overflow') return 'context-overflow';
  if (status === 429) return 'rate-limit';
  if (status >= 500) return 'overloaded';
  return status === 404 ? 'config' : (kindByWords(`${code} ${message}`) ?? 'crash');
}

function kindByWords(text: string): FailureKind | undefined {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1];
}

export function wordsOf({ status, code, message }: UpstreamError): string {
  return cleanLine(['the model service:', status ?? '', code, message].filter((word) => word !== '').join(' '), 500);
}

function lastLines(tail: string): string {
  return cleanText(tail, 64 * 1024)
    .trim()
    .split('\n')
    .slice(-5)
    .join('\n')
    .slice(-500);
}
