import { partsText, toolOf } from './tools.ts';
import type { Dialect, Json, Reply } from './types.ts';

const callsOf = ({ call }: Reply) =>
  call
    ? [
        {
          index: 0,
          id: `call_${Math.random().toString(36).slice(2)}`,
          type: 'function',
          function: { name: call.tool.name, arguments: JSON.stringify(call.input) },
        },
      ]
    : undefined;

const usageOf = ({ usage }: Reply) => ({
  prompt_tokens: usage.inputTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
});

/** OpenAI Chat Completions; a stream has figures only when it was asked to. */
export const chat: Dialect = {
  matches: (path) => path.endsWith('/chat/completions'),
  parse: (body) => ({
    model: body.model,
    isStream: body.stream === true,
    tools: (body.tools ?? []).map((tool: Json) => toolOf(tool.function.name, tool.function.parameters)),
    results: body.messages.filter(({ role }: Json) => role === 'tool').map(({ content }: Json) => partsText(content)),
    prompt: JSON.stringify(body.messages),
    isSilentOnUsage: body.stream === true && body.stream_options?.include_usage !== true,
  }),
  json: (reply) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.text || null, ...(reply.call && { tool_calls: callsOf(reply) }) },
        finish_reason: reply.call ? 'tool_calls' : 'stop',
      },
    ],
    usage: usageOf(reply),
  }),
  events: (reply) => {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: reply.model };
    const delta = reply.call
      ? { role: 'assistant', content: null, tool_calls: callsOf(reply) }
      : { role: 'assistant', content: reply.text };
    return [
      { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: reply.call ? 'tool_calls' : 'stop' }] },
      ...(reply.isSilentOnUsage ? [] : [{ ...chunk, choices: [], usage: usageOf(reply) }]),
      '[DONE]',
    ].map((data) => ({ data }));
  },
  error: ({ code, message }) => ({ error: { message, type: code, code, param: null } }),
};
