export const NOTES = ['keep', 'discard', 'crash', 'review', 'audit', 'done'] as const;
export type Note = (typeof NOTES)[number];

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    annotate: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: [...NOTES], description: 'A verdict, an audit, or the end of a session.' },
      default: ['keep', 'review', 'audit', 'done'],
      description: 'Of what the job gets annotations. GitHub shows ten of a kind for each step.',
      examples: [['review', 'done']],
    },
    summary: {
      type: 'boolean',
      default: true,
      description: 'Whether the page of the job gets a summary with a table of the best changes.',
    },
  },
} as const;
