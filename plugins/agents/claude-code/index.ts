import { HISTORY_SERVER } from '../../../src/agent.ts';
import type { FailureKind } from '../../../src/plugin.ts';
import { defineCli } from '../_cli/define.ts';
import { count } from '../_cli/events.ts';
import { flags } from '../_cli/flags.ts';
import { schema } from '../_cli/options.ts';
import type { CliAsk, CliStart, Event, Heard } from '../_cli/types.ts';

const DEFAULT_TURNS = 200;
/** It tries as often as this itself; longer waits are the engine's. */
const RETRIES = '3';

export default defineCli(
  { name: 'claude-code', description: 'Asks Claude Code for a change.', schema },
  {
    program: 'claude',
    format: 'anthropic',
    hasSchema: true,
    holdsUsd: true,
    scope: 'its permission rules: edits of `scope.edit` only, reads of the worktree only, no commands, no web',
    start,
    hear,
  },
);

function start({ brief, options, home, service, history, schema: report, usd }: CliAsk): CliStart {
  const { scope, limits } = brief;
  const access = options.unrestricted
    ? { '--dangerously-skip-permissions': true, '--disallowedTools': ['WebFetch', 'WebSearch'] }
    : {
        '--permission-mode': 'dontAsk',
        '--tools': 'Read,Edit,Write,Grep,Glob',
        // Searching follows the rule for reading: the files of the worktree.
        '--allowedTools': ['Read(/**)', ...editOf(scope.edit), ...(history ? [`mcp__${HISTORY_SERVER}`] : [])],
        '--disallowedTools': editOf(scope.protect),
      };
  return {
    args: flags({
      '-p': true,
      '--output-format': 'stream-json',
      '--verbose': true,
      '--no-session-persistence': true,
      // Nothing of the user's or the project's configures it: no hooks, no plugins, no servers.
      '--setting-sources': '',
      '--strict-mcp-config': true,
      '--mcp-config': history ? JSON.stringify({ mcpServers: { [HISTORY_SERVER]: history } }) : undefined,
      '--disable-slash-commands': true,
      '--json-schema': report,
      '--max-turns': limits.requests ?? DEFAULT_TURNS,
      '--max-budget-usd': usd,
      '--model': options.model,
      ...access,
    }),
    env: {
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_MAX_RETRIES: RETRIES,
      // As root it refuses to skip its questions, unless it is told that it runs in a sandbox.
      ...(options.unrestricted && { IS_SANDBOX: '1' }),
      ...(service && { ANTHROPIC_BASE_URL: service.url, ANTHROPIC_API_KEY: service.token, CLAUDE_CONFIG_DIR: `${home}/.claude` }),
    },
  };
}

/** A path that begins with a slash starts at the folder it runs in. */
const editOf = (globs: readonly string[]) => globs.map((glob) => `Edit(/${glob})`);

function hear(events: readonly Event[]): Heard {
  const result = events.findLast((event) => event.type === 'result');
  if (result === undefined) return {};
  // It can say `success` and `is_error` at once.
  const isError = result.is_error === true || String(result.subtype).startsWith('error');
  const kind = kindOf(result);
  return {
    report: result.structured_output,
    text: String(result.result ?? ''),
    ...(isError && { error: { message: String(result.result ?? result.subtype), ...(kind && { kind }) } }),
    usage: usageOf(result),
    ...(typeof events[0]?.model === 'string' && { model: events[0].model }),
  };
}

function kindOf({ subtype, terminal_reason: reason }: Event): FailureKind | undefined {
  if (subtype === 'error_max_turns') return 'turn-limit';
  if (subtype === 'error_max_budget_usd') return 'budget';
  return reason === 'prompt_too_long' ? 'context-overflow' : undefined;
}

function usageOf({ modelUsage, total_cost_usd: usd, num_turns: turns }: Event): NonNullable<Heard['usage']> {
  const models: Event[] = Object.values(modelUsage ?? {});
  const sum = (...names: string[]) =>
    models.reduce((total, model) => total + names.reduce((all, name) => all + count(model?.[name]), 0), 0);
  return {
    requests: count(turns),
    inputTokens: sum('inputTokens', 'cacheReadInputTokens', 'cacheCreationInputTokens'),
    cachedTokens: sum('cacheReadInputTokens'),
    outputTokens: sum('outputTokens'),
    usd: count(usd),
  };
}
