/** The figures of one answer as its provider gives them, by a name of ours. */
export interface Tokens {
  /** All of the prompt, cached or not. */
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What was found in an answer so far. Later figures replace earlier ones: providers repeat running totals. */
export interface Found {
  readonly model?: string;
  readonly figures: Readonly<Record<string, number>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Adds what a JSON answer, or one event of a stream, says of model and tokens. */
export function findTokens(value: unknown, before: Found = { figures: {} }): Found {
  if (Array.isArray(value)) return value.reduce<Found>((found, one) => findTokens(one, found), before);
  if (!isFields(value)) return before;
  // Anthropic's streams wrap the first figures in `message`, OpenAI's Responses all of them in `response`.
  const holders = [value, value['message'], value['response']].filter(isFields);
  return holders.reduce<Found>((found, holder) => {
    const model = textOf(holder['model']) ?? textOf(holder['modelVersion']) ?? found.model;
    const figures = { ...found.figures, ...numbersOf(holder['usage']), ...numbersOf(holder['usageMetadata']) };
    return { ...(model !== undefined && { model }), figures };
  }, before);
}

/** Null when the answer gave no figures. */
export function tokensOf({ figures }: Found): Tokens | null {
  if (Object.keys(figures).length === 0) return null;
  const sum = (...names: string[]) => names.reduce((total, name) => total + (figures[name] ?? 0), 0);
  if ('promptTokenCount' in figures || 'candidatesTokenCount' in figures) {
    return {
      input: sum('promptTokenCount', 'toolUsePromptTokenCount'),
      cached: sum('cachedContentTokenCount'),
      cacheWrite: 0,
      output: sum('candidatesTokenCount', 'thoughtsTokenCount'),
    };
  }
  if ('prompt_tokens' in figures || 'completion_tokens' in figures) {
    return { input: sum('prompt_tokens'), cached: sum('details.cached_tokens'), cacheWrite: 0, output: sum('completion_tokens') };
  }
  if (!('input_tokens' in figures || 'output_tokens' in figures)) return null;
  // Anthropic leaves the cache out of `input_tokens`; OpenAI's Responses count it in.
  return {
    input: sum('input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'),
    cached: sum('cache_read_input_tokens', 'details.cached_tokens'),
    cacheWrite: sum('cache_creation_input_tokens'),
    output: sum('output_tokens'),
  };
}

function numbersOf(usage: unknown): Record<string, number> {
  if (!isFields(usage)) return {};
  const details = usage['input_tokens_details'] ?? usage['prompt_tokens_details'];
  const cached = isFields(details) ? { 'details.cached_tokens': details['cached_tokens'] } : {};
  const isCount = (entry: [string, unknown]): entry is [string, number] => Number.isFinite(entry[1]) && (entry[1] as number) >= 0;
  return Object.fromEntries(Object.entries({ ...usage, ...cached }).filter(isCount));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
