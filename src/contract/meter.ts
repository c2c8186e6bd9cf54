/** The proxy between an agent and a model API: it holds the key, counts, and stops at caps. */

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Tokens read from the provider's cache; default: as input. */
  readonly cached?: number;
  /** Tokens written to the provider's cache; default: as input. */
  readonly cacheWrite?: number;
}

/** By model: its name, the start of its name, or `*` for all others. The longest that fits counts. */
export type Prices = Readonly<Record<string, Price>>;

export interface Caps {
  readonly requests?: number;
  /** Input and output together. */
  readonly tokens?: number;
  /** Needs prices. */
  readonly usd?: number;
}

export interface MeterOptions {
  /** Where the API is, such as `https://api.anthropic.com`. A path in it is put before the agent's. */
  readonly upstream: string;
  /** The real key; it goes upstream and nowhere else. */
  readonly key: string;
  /** How the key is given upstream. Default: as the agent gave its token. */
  readonly auth?: 'x-api-key' | 'bearer' | 'x-goog-api-key';
  readonly caps?: Caps;
  readonly prices?: Prices;
  /** Aborted: nothing more goes upstream. */
  readonly signal?: AbortSignal;
  /** Called whenever a byte moves: an agent that waits for a model is not idle. */
  readonly onActivity?: () => void;
}

/** What went through the meter, as the provider counts it. */
export interface MeterUsage {
  readonly requests: number;
  /** All tokens of the prompts, those from the cache included. */
  readonly inputTokens: number;
  /** The share of the input that came from the provider's cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Absent without prices, and when a model was used that has none. */
  readonly usd?: number;
  /** Answers without all of their figures: cut off, or from an API that gives none. Their tokens are an estimate of what was delivered. */
  readonly uncounted: number;
}

/** How the last request ended, if not well. */
export interface UpstreamError {
  /** Null when there was no answer at all, or it broke off. */
  readonly status: number | null;
  /** The API's or the system's word for it, such as `rate_limit_error` or `ECONNREFUSED`. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
}

export interface Meter {
  /** What the agent takes for the API, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** What the agent takes for its key. */
  readonly token: string;
  usage(): MeterUsage;
  /** Null when the last request went well. */
  lastError(): UpstreamError | null;
  /** Which cap has refused a request, in words; null while none has. */
  capped(): string | null;
  /** Ends what is under way; the figures stay. */
  close(): Promise<void>;
}
