import { isFields } from './tokens.ts';

/** What a call may use at most, as far as it can be known before it is answered. */
export interface Asked {
  readonly model?: string;
  /** Tokens of the prompt, estimated from its size. */
  readonly input: number;
  /** Tokens of the answer: what the call allows, else a guess. */
  readonly output: number;
}

const BYTES_A_TOKEN = 4;
/** For a call that names no limit of its own. */
const DEFAULT_OUTPUT = 8192;
const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'];
const COUNTS = ['n', 'candidateCount'];

export function askedIn(body: unknown, bytes: number, path: string): Asked {
  const fields = isFields(body) ? body : {};
  const settings = isFields(fields['generationConfig']) ? { ...fields, ...fields['generationConfig'] } : fields;
  const largest = (names: readonly string[]) => Math.max(0, ...names.map((name) => settings[name]).filter(isCount));
  const model = /\/models\/([^/:]+):/.exec(path)?.[1] ?? settings['model'];
  return {
    ...(typeof model === 'string' && { model }),
    input: Math.ceil(bytes / BYTES_A_TOKEN),
    output: (largest(LIMITS) || DEFAULT_OUTPUT) * Math.max(1, largest(COUNTS)),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
