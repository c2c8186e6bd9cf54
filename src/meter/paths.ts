/** The calls of the API families that ask a model, with what may stand before them: `/v1`, or a gateway's own path. */
const CALLS = [
  /\/messages(\/count_tokens)?$/,
  /\/responses(\/compact|\/input_tokens)?$/,
  /\/chat\/completions$/,
  /\/models\/[^/]+:(generateContent|streamGenerateContent|countTokens)$/,
];

/** Only these are passed on: the key may allow much more than asking models. */
export function isModelCall(method: string, path: string): boolean {
  if (method === 'GET') return /\/models(\/[^/]+)?$/.test(path);
  return method === 'POST' && CALLS.some((call) => call.test(path));
}

/** Does the call make a model write something? All others cost nothing, and give no figures. */
export function isGeneration(method: string, path: string): boolean {
  return method === 'POST' && !/(count_tokens|input_tokens|:countTokens)$/.test(path);
}
