/** What a report holds, as a JSON schema that all model services with structured answers take. */
export const REPORT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'hypothesis', 'rationale', 'risks', 'expected'],
  properties: {
    title: { type: 'string', description: 'What you changed, in under 80 characters.' },
    hypothesis: { type: 'string', description: 'What should happen, and to which number.' },
    rationale: { type: 'string', description: 'Why you expect it, with the experiments it builds on.' },
    risks: { type: 'array', items: { type: 'string' }, description: 'What may get worse or break.' },
    expected: {
      type: 'object',
      additionalProperties: false,
      required: ['delta', 'confidence'],
      properties: {
        delta: { type: 'number', description: 'The change of the number you expect, with its sign.' },
        confidence: { type: 'number', description: 'How sure you are of a gain, from 0 to 1.' },
      },
    },
  },
} as const;

/**
 * The last part of a prompt: what to report, and how to hand it in, which differs between agents.
 * @param how such as `print this JSON last, in a json block`
 */
export function reportRequest(how: string): string {
  return `# Report

Decide on the hypothesis first, then make the change. When you are done, ${how}:

{
  "title": "what you changed, in under 80 characters",
  "hypothesis": "what should happen, and to which number",
  "rationale": "why you expect it, with the experiments it builds on",
  "risks": ["what may get worse or break"],
  "expected": { "delta": -0.01, "confidence": 0.5 }
}

With nothing worth trying this time, change nothing and report { "status": "no-change", "reason": "why" };
with nothing left to try at all, { "status": "exhausted", "reason": "why" }.
`;
}
