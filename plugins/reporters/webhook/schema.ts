export const EVENTS = ['keep', 'discard', 'crash', 'review', 'audit', 'done'] as const;
export type EventName = (typeof EVENTS)[number];

export const FORMATS = ['json', 'slack', 'discord', 'teams', 'ntfy'] as const;
export type Format = (typeof FORMATS)[number];

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    urlVariable: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      default: 'AUTORESEARCH_WEBHOOK',
      description: 'The environment variable that holds the address. Addresses of chats are secrets, so they are in no file.',
      examples: ['SLACK_WEBHOOK'],
    },
    format: {
      type: 'string',
      enum: [...FORMATS],
      default: 'json',
      description: 'What the receiver reads: plain JSON, or the message format of Slack, Discord, Microsoft Teams or ntfy.',
      examples: ['slack'],
    },
    on: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: [...EVENTS], description: 'A verdict, an audit, or the end of a session.' },
      default: ['keep', 'review', 'audit', 'done'],
      description: 'Which events are posted. Controls of the engine are not.',
      examples: [['review', 'done']],
    },
    secretVariable: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description:
        'The environment variable that holds a secret. With it each post has `X-Autoresearch-Signature: sha256=…`, the HMAC of the body.',
      examples: ['WEBHOOK_SECRET'],
    },
    timeoutMs: {
      type: 'integer',
      minimum: 1,
      default: 10_000,
      description: 'Milliseconds to wait for an answer before the post is tried again.',
    },
    patienceMs: {
      type: 'integer',
      minimum: 0,
      default: 15_000,
      description: 'Milliseconds the end of a session waits for posts that are still due. What is left is posted by the next session.',
    },
  },
} as const;
