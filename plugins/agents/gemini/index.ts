import { HISTORY_SERVER } from '../../../src/agent.ts';
import { defineCli } from '../_cli/define.ts';
import { count } from '../_cli/events.ts';
import { flags } from '../_cli/flags.ts';
import { patternOf } from '../_cli/globs.ts';
import { schema } from '../_cli/options.ts';
import type { CliAsk, CliStart, Event, Heard } from '../_cli/types.ts';

const DEFAULT_TURNS = 200;

export default defineCli(
  { name: 'gemini', description: 'Asks Gemini CLI for a change.', schema },
  {
    program: 'gemini',
    format: 'gemini',
    hasSchema: false,
    scope: 'its policy: edits of `scope.edit` only, no commands, no web',
    start,
    hear,
  },
);

function start({ brief, options, home, service, history }: CliAsk): CliStart {
  const settings = {
    security: { auth: { selectedType: 'gemini-api-key' } },
    model: { maxSessionTurns: brief.limits.requests ?? DEFAULT_TURNS },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false },
    ...(history && { mcpServers: { [HISTORY_SERVER]: { ...history, trust: true } } }),
  };
  return {
    args: flags({
      '-o': 'stream-json',
      '--skip-trust': true,
      '-m': options.model,
      ...(options.unrestricted ? { '--approval-mode': 'yolo' } : { '--policy': `${home}/policy.toml` }),
    }),
    env: {
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_CLI_NO_RELAUNCH: 'true',
      ...(service && { GEMINI_API_KEY: service.token, GOOGLE_GEMINI_BASE_URL: service.url }),
    },
    files: { '.gemini/settings.json': JSON.stringify(settings), 'policy.toml': policyOf(brief) },
  };
}

/** Without the rule that allows, it does not even offer tools that edit. */
function policyOf({ cwd, scope }: CliAsk['brief']): string {
  const rule = (tools: readonly string[], decision: string, priority: number, pattern?: string) =>
    [
      '[[rule]]',
      `toolName = ${JSON.stringify(tools)}`,
      `decision = "${decision}"`,
      `priority = ${priority}`,
      ...(pattern === undefined ? [] : [`argsPattern = '"file_path":"${pattern}"'`]),
    ].join('\n');
  const edits = ['replace', 'write_file'];
  return [
    rule([...edits, 'run_shell_command', 'web_fetch', 'google_web_search', 'save_memory'], 'deny', 500),
    ...scope.edit.flatMap((glob) => [glob, `${cwd}/${glob}`].map((path) => rule(edits, 'allow', 900, patternOf(path)))),
    ...scope.protect.flatMap((glob) => [glob, `${cwd}/${glob}`].map((path) => rule(edits, 'deny', 950, patternOf(path)))),
  ].join('\n\n');
}

function hear(events: readonly Event[]): Heard {
  const text = events.map((event) => (event.type === 'message' && event.role === 'assistant' ? String(event.content ?? '') : '')).join('');
  const result = events.findLast((event) => event.type === 'result');
  const warning = events.findLast((event) => event.type === 'error')?.message;
  const error = result?.status === 'error' ? result.error?.message : undefined;
  const stats = result?.stats;
  return {
    text,
    ...(error !== undefined && { error: { message: String(error) } }),
    // It stops itself when it repeats itself, with an exit code of 0.
    ...(error === undefined &&
      /loop detected|max.{0,10}turns/i.test(String(warning)) && { error: { kind: 'turn-limit', message: String(warning) } }),
    ...(stats && {
      usage: { inputTokens: count(stats.input_tokens), cachedTokens: count(stats.cached), outputTokens: count(stats.output_tokens) },
    }),
    ...(typeof events[0]?.model === 'string' && { model: events[0].model }),
  };
}
