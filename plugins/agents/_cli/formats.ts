/** The APIs that models are asked through: where each is, and the variable its key is usually in. */
export const FORMATS = {
  anthropic: { url: 'https://api.anthropic.com', key: 'ANTHROPIC_API_KEY' },
  responses: { url: 'https://api.openai.com', key: 'OPENAI_API_KEY' },
  chat: { url: 'https://api.openai.com', key: 'OPENAI_API_KEY' },
  gemini: { url: 'https://generativelanguage.googleapis.com', key: 'GEMINI_API_KEY' },
} as const;

export type FormatName = keyof typeof FORMATS;
