import { partsText, toolOf } from './tools.ts';
import type { Dialect, Json, Reply } from './types.ts';

const partOf = ({ text, call }: Reply): Json => (call ? { functionCall: { name: call.tool.name, args: call.input } } : { text });

const chunkOf = (reply: Reply) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [partOf(reply)] } }],
  modelVersion: reply.model,
});

const lastOf = (reply: Reply) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [] as Json[] }, finishReason: 'STOP' }],
  usageMetadata: {
    promptTokenCount: reply.usage.inputTokens,
    cachedContentTokenCount: reply.usage.cachedTokens,
    candidatesTokenCount: reply.usage.outputTokens - 1,
    thoughtsTokenCount: 1,
    totalTokenCount: reply.usage.inputTokens + reply.usage.outputTokens,
  },
  modelVersion: reply.model,
});

/** Gemini's generateContent and streamGenerateContent. */
export const gemini: Dialect = {
  matches: (path) => /:(generateContent|streamGenerateContent)$/.test(path),
  parse: (body, path) => ({
    model: /models\/([^/:]+):/.exec(path)?.[1] ?? 'unknown',
    isStream: path.endsWith(':streamGenerateContent'),
    tools: (body.tools ?? [])
      .flatMap((tool: Json) => tool.functionDeclarations ?? [])
      .map((tool: Json) => toolOf(tool.name, tool.parametersJsonSchema ?? tool.parameters)),
    results: body.contents
      .flatMap(({ parts }: Json) => parts ?? [])
      .filter((part: Json) => part.functionResponse)
      .map((part: Json) => partsText(part.functionResponse.response)),
    prompt: JSON.stringify(body.contents),
  }),
  json: (reply) => ({ ...lastOf(reply), ...chunkOf(reply), candidates: [{ ...chunkOf(reply).candidates[0], finishReason: 'STOP' }] }),
  events: (reply) => [{ data: chunkOf(reply) }, { data: lastOf(reply) }],
  error: ({ status, code, message }) => ({ error: { code: status, message, status: code } }),
};
