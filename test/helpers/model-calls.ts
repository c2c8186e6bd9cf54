/** Calls of the four model APIs as a client makes them: what the stub's tools look like does not matter here. */
export const FAMILIES = {
  anthropic: {
    path: '/v1/messages',
    body: {
      model: 'claude-x-1',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'hello' }],
      tools: [{ name: 'Read', input_schema: {} }],
    },
  },
  responses: { path: '/v1/responses', body: { model: 'gpt-x-1', input: 'hello', tools: [{ type: 'function', name: 'shell' }] } },
  chat: {
    path: '/v1/chat/completions',
    body: { model: 'gpt-x-1', messages: [{ role: 'user', content: 'hello' }], tools: [{ function: { name: 'read' } }] },
  },
  gemini: {
    path: '/v1beta/models/gemini-x-1:generateContent',
    body: { contents: [{ role: 'user', parts: [{ text: 'hello' }] }], tools: [{ functionDeclarations: [{ name: 'read_file' }] }] },
  },
} as const;

export type Family = keyof typeof FAMILIES;

export function callOf(family: Family, isStream: boolean): { path: string; body: string } {
  const { path, body } = FAMILIES[family];
  if (family !== 'gemini') return { path, body: JSON.stringify({ ...body, stream: isStream }) };
  return { path: isStream ? path.replace(':generateContent', ':streamGenerateContent?alt=sse') : path, body: JSON.stringify(body) };
}

export async function send(
  base: string,
  { path, body }: { path: string; body: string },
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(base + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}
