import { REPORT_SCHEMA } from '../../../src/agent.ts';

export interface Edit {
  readonly path: string;
  /** Text that stands exactly once in the file; empty for a file that is new. */
  readonly search: string;
  readonly replace: string;
}

/** What a model answers: the report, and the edits themselves. Every field is required, as some services ask. */
export const ANSWER_SCHEMA = {
  ...REPORT_SCHEMA,
  required: [...REPORT_SCHEMA.required, 'status', 'edits'],
  properties: {
    ...REPORT_SCHEMA.properties,
    status: { type: 'string', enum: ['changed', 'no-change', 'exhausted'] },
    edits: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'search', 'replace'],
        properties: {
          path: { type: 'string', description: 'The file, as it is named above.' },
          search: { type: 'string', description: 'Text that stands exactly once in the file; empty for a new file.' },
          replace: { type: 'string', description: 'What takes its place.' },
        },
      },
    },
  },
} as const;

/** The edits of an answer; null when it has none in a form that can be read. */
export function editsOf(answer: unknown): Edit[] | null {
  if (typeof answer !== 'object' || answer === null || !('edits' in answer) || !Array.isArray(answer.edits)) return null;
  const edits = answer.edits.filter(isEdit);
  return edits.length === answer.edits.length ? edits : null;
}

function isEdit(value: unknown): value is Edit {
  if (typeof value !== 'object' || value === null) return false;
  return ['path', 'search', 'replace'].every((key) => typeof Reflect.get(value, key) === 'string');
}
