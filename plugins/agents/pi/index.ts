import { defineCli } from '../_cli/define.ts';
import { count, textOf } from '../_cli/events.ts';
import { flags } from '../_cli/flags.ts';
import type { FormatName } from '../_cli/formats.ts';
import { patternOf } from '../_cli/globs.ts';
import { schemaWithFormat, withoutHistory } from '../_cli/options.ts';
import type { CliAsk, CliStart, Event, Heard } from '../_cli/types.ts';

const APIS: Readonly<Record<FormatName, readonly [api: string, path: string]>> = {
  anthropic: ['anthropic-messages', ''],
  responses: ['openai-responses', '/v1'],
  chat: ['openai-completions', '/v1'],
  gemini: ['google-generative-ai', '/v1beta'],
};

export default defineCli(
  { name: 'pi', description: 'Asks pi for a change.', schema: withoutHistory(schemaWithFormat) },
  {
    program: 'pi',
    format: 'anthropic',
    hasSchema: false,
    scope: 'an extension of ours: edits of `scope.edit` only, no commands',
    start,
    hear,
  },
);

function start({ brief, options, home, service }: CliAsk): CliStart {
  const { model = '' } = options;
  return {
    args: flags({
      '-p': true,
      '--mode': 'json',
      '--no-session': true,
      '--no-extensions': true,
      '--no-skills': true,
      '--no-prompt-templates': true,
      '--no-context-files': true,
      '--offline': true,
      '--provider': service === null ? undefined : 'autoresearch',
      '--model': model,
      ...(!options.unrestricted && { '--tools': 'read,edit,write,grep,find,ls', '-e': `${home}/guard.mjs` }),
    }),
    env: { PI_OFFLINE: '1' },
    files: { 'guard.mjs': guardOf(brief), ...(service && { '.pi/agent/models.json': modelsOf(service, model) }) },
  };
}

function modelsOf({ url, token, format }: NonNullable<CliAsk['service']>, id: string): string {
  const [api, path] = APIS[format];
  // It needs prices to start; the real costs are counted by the meter.
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const models = [{ id, name: id, reasoning: false, input: ['text'], cost, contextWindow: 200_000, maxTokens: 16_000 }];
  return JSON.stringify({ providers: { autoresearch: { baseUrl: url + path, apiKey: token, api, models } } });
}

/** It has no permissions of its own, but asks extensions before each tool. */
function guardOf({ cwd, scope }: CliAsk['brief']): string {
  const patterns = (globs: readonly string[]) => JSON.stringify(globs.map((glob) => `^${patternOf(glob)}$`));
  return `import { relative, resolve } from 'node:path';
const mayEdit = ${patterns(scope.edit)}.map((text) => new RegExp(text));
const mustStay = ${patterns(scope.protect)}.map((text) => new RegExp(text));
export default function (pi) {
  pi.on('tool_call', async (event) => {
    if (event.toolName !== 'edit' && event.toolName !== 'write') return undefined;
    const path = relative(${JSON.stringify(cwd)}, resolve(${JSON.stringify(cwd)}, String(event.input.path)));
    const isFine = mayEdit.some((one) => one.test(path)) && !mustStay.some((one) => one.test(path));
    return isFine ? undefined : { block: true, reason: path + ' may not be edited' };
  });
}
`;
}

function hear(events: readonly Event[]): Heard {
  const said: Event[] = events
    .filter((event) => event.type === 'message_end' && event.message?.role === 'assistant')
    .map((event) => event.message);
  const last = said.at(-1);
  const sum = (...names: string[]) =>
    said.reduce((total, { usage }) => total + names.reduce((all, name) => all + count(usage?.[name]), 0), 0);
  // Its exit code is 0 whatever happened.
  const isError = last === undefined || last.stopReason === 'error' || last.stopReason === 'aborted';
  return {
    text: textOf(last?.content),
    ...(isError && { error: { message: String(last?.errorMessage ?? 'it ended without an answer') } }),
    usage: {
      requests: said.length,
      inputTokens: sum('input', 'cacheRead', 'cacheWrite'),
      cachedTokens: sum('cacheRead'),
      outputTokens: sum('output'),
    },
  };
}
