import { HISTORY_SERVER } from '../../../src/agent.ts';
import { defineCli } from '../_cli/define.ts';
import { count } from '../_cli/events.ts';
import type { FormatName } from '../_cli/formats.ts';
import { schemaWithFormat } from '../_cli/options.ts';
import type { CliAsk, CliStart, Event, Heard } from '../_cli/types.ts';

const PACKAGES: Readonly<Record<FormatName, readonly [name: string, path: string]>> = {
  anthropic: ['@ai-sdk/anthropic', '/v1'],
  responses: ['@ai-sdk/openai', '/v1'],
  chat: ['@ai-sdk/openai-compatible', '/v1'],
  gemini: ['@ai-sdk/google', '/v1beta'],
};

export default defineCli(
  { name: 'opencode', description: 'Asks opencode for a change.', schema: schemaWithFormat },
  {
    program: 'opencode',
    format: 'anthropic',
    hasSchema: false,
    scope: 'its permissions: edits of `scope.edit` only, no commands, no web',
    start,
    hear,
  },
);

function start({ brief, options, service, history }: CliAsk): CliStart {
  const { model = '' } = options;
  const config = {
    ...(service && { provider: { autoresearch: providerOf(service, model) } }),
    ...(history && { mcp: { [HISTORY_SERVER]: { type: 'local', command: [history.command, ...history.args] } } }),
    // If the context keeps overflowing it would shorten it and try again without end.
    compaction: { auto: false },
    autoupdate: false,
    share: 'disabled',
    permission: options.unrestricted ? { '*': 'allow', webfetch: 'deny', websearch: 'deny' } : permissionsOf(brief),
  };
  return {
    args: ['run', '--format', 'json', '--pure', '-m', service ? `autoresearch/${model}` : model],
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    },
  };
}

function providerOf({ url, token, format }: NonNullable<CliAsk['service']>, model: string) {
  const [npm, path] = PACKAGES[format];
  const models = { [model]: { name: model, limit: { context: 200_000, output: 16_000 } } };
  return { npm, options: { baseURL: url + path, apiKey: token }, models };
}

/** The last rule that matches counts. Paths are seen from the top of the repository. */
function permissionsOf({ scope }: CliAsk['brief']) {
  const rules = (globs: readonly string[], decision: string) =>
    globs.flatMap((glob) => [glob, `**/${glob}`].map((path) => [path, decision]));
  const edit = Object.fromEntries([['*', 'deny'], ...rules(scope.edit, 'allow'), ...rules(scope.protect, 'deny')]);
  return {
    '*': 'deny',
    read: 'allow',
    grep: 'allow',
    glob: 'allow',
    list: 'allow',
    edit,
    bash: 'deny',
    external_directory: 'deny',
    [`${HISTORY_SERVER}_*`]: 'allow',
  };
}

function hear(events: readonly Event[]): Heard {
  const steps: Event[] = events.filter((event) => event.type === 'step_finish').map((event) => event.part?.tokens ?? {});
  const sum = (read: (step: Event) => unknown) => steps.reduce((total, step) => total + count(read(step)), 0);
  const error = events.findLast((event) => event.type === 'error')?.error;
  const isOverflow = error?.name === 'ContextOverflowError';
  return {
    text: events.findLast((event) => event.type === 'text')?.part?.text ?? '',
    ...(error && {
      error: { message: String(error.data?.message ?? error.name), ...(isOverflow && { kind: 'context-overflow' as const }) },
    }),
    usage: {
      requests: steps.length,
      inputTokens: sum((step) => count(step.input) + count(step.cache?.read) + count(step.cache?.write)),
      cachedTokens: sum((step) => step.cache?.read),
      outputTokens: sum((step) => count(step.output) + count(step.reasoning)),
    },
  };
}
