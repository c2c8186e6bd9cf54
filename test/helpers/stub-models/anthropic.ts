import { partsText, toolOf } from './tools.ts';
import type { Dialect, Json, Reply } from './types.ts';

const usageOf = ({ usage }: Reply) => ({
  input_tokens: usage.inputTokens - usage.cachedTokens,
  cache_read_input_tokens: usage.cachedTokens,
  cache_creation_input_tokens: 0,
});

const blocksOf = ({ text, call }: Reply): Json[] => [
  ...(text === '' ? [] : [{ type: 'text', text }]),
  ...(call ? [{ type: 'tool_use', id: `toolu_${Math.random().toString(36).slice(2)}`, name: call.tool.name, input: call.input }] : []),
];

const messageOf = (reply: Reply) => ({ id: 'msg_1', type: 'message', role: 'assistant', model: reply.model });

/** Anthropic Messages. */
export const anthropic: Dialect = {
  matches: (path) => path.endsWith('/messages'),
  parse: (body) => ({
    model: body.model,
    isStream: body.stream === true,
    tools: (body.tools ?? []).map((tool: Json) => toolOf(tool.name, tool.input_schema)),
    results: body.messages
      .flatMap(({ content }: Json) => (Array.isArray(content) ? content : []))
      .filter(({ type }: Json) => type === 'tool_result')
      .map(({ content }: Json) => partsText(content)),
    prompt: JSON.stringify(body.messages),
  }),
  json: (reply) => ({
    ...messageOf(reply),
    content: blocksOf(reply),
    stop_reason: reply.call ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { ...usageOf(reply), output_tokens: reply.usage.outputTokens },
  }),
  events: (reply) =>
    [
      {
        type: 'message_start',
        message: {
          ...messageOf(reply),
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...usageOf(reply), output_tokens: 0 },
        },
      },
      ...blocksOf(reply).flatMap((block, index) => [
        {
          type: 'content_block_start',
          index,
          content_block: block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} },
        },
        {
          type: 'content_block_delta',
          index,
          delta:
            block.type === 'text'
              ? { type: 'text_delta', text: block.text }
              : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
        },
        { type: 'content_block_stop', index },
      ]),
      {
        type: 'message_delta',
        delta: { stop_reason: reply.call ? 'tool_use' : 'end_turn', stop_sequence: null },
        usage: { output_tokens: reply.usage.outputTokens },
      },
      { type: 'message_stop' },
    ].map((data) => ({ event: data.type, data })),
  error: ({ code, message }) => ({ type: 'error', error: { type: code, message } }),
};
