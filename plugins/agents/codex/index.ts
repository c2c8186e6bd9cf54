import { HISTORY_SERVER } from '../../../src/agent.ts';
import { createEditRule } from '../../../src/plugin.ts';
import { defineCli } from '../_cli/define.ts';
import { count } from '../_cli/events.ts';
import { flags } from '../_cli/flags.ts';
import { frozenPaths } from '../_cli/frozen.ts';
import { schema } from '../_cli/options.ts';
import type { CliAsk, CliStart, Event, Heard } from '../_cli/types.ts';

const RETRIES = 3;

export default defineCli(
  { name: 'codex', description: 'Asks Codex for a change.', schema },
  {
    program: 'codex',
    format: 'responses',
    hasSchema: true,
    scope: 'its sandbox: files outside `scope.edit` are read-only, no network',
    start,
    hear,
  },
);

async function start({ brief, options, home, service, history, schema: report }: CliAsk): Promise<CliStart> {
  const access = options.unrestricted ? ['--dangerously-bypass-approvals-and-sandbox'] : await sandboxed(brief);
  return {
    args: [
      'exec',
      ...flags({
        '--json': true,
        '--ephemeral': true,
        '--ignore-user-config': true,
        '--ignore-rules': true,
        '--skip-git-repo-check': true,
        '--color': 'never',
        '--output-schema': `${home}/report.schema.json`,
        '-C': brief.cwd,
        '-m': options.model,
      }),
      ...(service ? through(service) : []),
      ...(history ? set(serverOf(history)) : []),
      ...set({ 'analytics.enabled': 'false', web_search: '"disabled"', 'shell_environment_policy.inherit': '"core"' }),
      ...access,
      '-',
    ],
    // It runs no command if its home is below the folder for temporary files, so it is given another such folder.
    env: service ? { CODEX_HOME: home, TMPDIR: `${home}/tmp`, AUTORESEARCH_TOKEN: service.token } : {},
    files: { 'report.schema.json': report, 'tmp/.keep': '' },
  };
}

/** Its settings, each a TOML value. */
const set = (values: Readonly<Record<string, string>>) => Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function serverOf({ command, args }: NonNullable<CliAsk['history']>): Record<string, string> {
  // JSON of texts is TOML. It begins without a server that it may do without.
  return { [`mcp_servers.${HISTORY_SERVER}`]: `{command=${JSON.stringify(command)}, args=${JSON.stringify(args)}, required=true}` };
}

function through({ url }: NonNullable<CliAsk['service']>): string[] {
  const provider = [
    `name="autoresearch", base_url="${url}/v1", env_key="AUTORESEARCH_TOKEN", wire_api="responses"`,
    `request_max_retries=${RETRIES}, stream_max_retries=${RETRIES}`,
  ].join(', ');
  return set({ model_provider: '"autoresearch"', 'model_providers.autoresearch': `{${provider}}` });
}

/** Everything that is there and must stay as it is becomes read-only, for its shell too. */
async function sandboxed({ cwd, scope }: CliAsk['brief']): Promise<string[]> {
  const objectionTo = createEditRule(scope);
  const frozen = await frozenPaths(cwd, (path) => objectionTo({ path, kind: 'modified' }) === null);
  const rules = frozen.map((path) => `${JSON.stringify(path)}="read"`).join(', ');
  const profile = `{extends=":workspace", filesystem={":workspace_roots"={${rules}}}, network={enabled=false}}`;
  return set({ default_permissions: '"autoresearch"', 'permissions.autoresearch': profile });
}

function hear(events: readonly Event[]): Heard {
  const text = events.findLast((event) => event.type === 'item.completed' && event.item?.type === 'agent_message')?.item.text;
  const failed = events.findLast((event) => event.type === 'turn.failed');
  const done = events.findLast((event) => event.type === 'turn.completed');
  return {
    ...(typeof text === 'string' && { text, report: parse(text) }),
    ...(failed && { error: { message: String(failed.error?.message ?? 'the turn failed') } }),
    ...(done && {
      usage: {
        inputTokens: count(done.usage?.input_tokens),
        cachedTokens: count(done.usage?.cached_input_tokens),
        outputTokens: count(done.usage?.output_tokens),
      },
    }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
