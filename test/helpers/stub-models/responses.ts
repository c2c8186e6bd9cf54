import { partsText, toolOf } from './tools.ts';
import type { Dialect, Json, Reply } from './types.ts';

/** Codex offers the tools of servers only to a model that searches for them. */
const SEARCH = 'tool_search';

/** A tool of a server is called by both of its names. */
function calledBy(tool: string): Json {
  const [, namespace, name] = /^(mcp__.+?)__(.+)$/.exec(tool) ?? [];
  return namespace === undefined ? { name: tool } : { namespace, name };
}

const itemOf = ({ text, call }: Reply): Json => {
  if (call === undefined)
    return {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    };
  const call_id = `call_${Math.random().toString(36).slice(2)}`;
  if (call.tool.name === SEARCH)
    return { type: 'tool_search_call', status: 'completed', call_id, execution: 'client', arguments: call.input };
  return typeof call.input === 'string'
    ? { id: 'ctc_1', type: 'custom_tool_call', status: 'completed', call_id, name: call.tool.name, input: call.input }
    : {
        id: 'fc_1',
        type: 'function_call',
        status: 'completed',
        call_id,
        ...calledBy(call.tool.name),
        arguments: JSON.stringify(call.input),
      };
};

const responseOf = (reply: Reply, status: string, output: Json[]) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: reply.model,
  status,
  output,
  error: null,
});

const usageOf = ({ usage }: Reply) => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cachedTokens },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

const inputOf = (body: Json): Json[] => (Array.isArray(body.input) ? body.input : []);

/** OpenAI Responses. */
export const responses: Dialect = {
  matches: (path) => path.endsWith('/responses'),
  parse: (body) => ({
    model: body.model,
    isStream: body.stream === true,
    tools: (body.tools ?? [])
      .concat(inputOf(body).flatMap(({ type, tools }) => (type === 'tool_search_output' ? tools : [])))
      .flatMap((tool: Json) =>
        tool.type === 'namespace' ? tool.tools.map((one: Json) => ({ ...one, name: `${tool.name}__${one.name}` })) : [tool],
      )
      .filter(({ type }: Json) => type === 'function' || type === 'custom' || type === SEARCH)
      .map((tool: Json) => toolOf(tool.name ?? SEARCH, tool.parameters, tool.type === 'custom')),
    results: inputOf(body)
      .filter(({ type }: Json) => type === 'function_call_output' || type === 'custom_tool_call_output')
      .map(({ output }: Json) => partsText(output)),
    prompt: JSON.stringify(body.input),
  }),
  json: (reply) => ({ ...responseOf(reply, 'completed', [itemOf(reply)]), usage: usageOf(reply) }),
  events: (reply) => {
    const item = itemOf(reply);
    return [
      { type: 'response.created', response: responseOf(reply, 'in_progress', []) },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, status: 'in_progress', ...(item.content && { content: [] }) },
      },
      ...(item.content
        ? [{ type: 'response.output_text.delta', item_id: item.id, output_index: 0, content_index: 0, delta: reply.text }]
        : []),
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { ...responseOf(reply, 'completed', [item]), usage: usageOf(reply) } },
    ].map((data, sequence_number) => ({ event: data.type, data: { ...data, sequence_number } }));
  },
  error: ({ code, message }) => ({ error: { message, type: code, code, param: null } }),
};
