import { definePlugin, type CommittedExperiment, type GateResult } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'gate',
  name: 'rationale',
  apiVersion: 1,
  description: 'Refuses a change, before any trial, if its agent does not give a rationale and risks.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      words: { type: 'integer', minimum: 1, default: 5, description: 'The fewest words that count as a rationale.' },
      risks: { type: 'integer', minimum: 0, default: 1, description: 'The fewest risks that must be named.' },
      hypothesis: { type: 'boolean', default: false, description: 'Ask also for what should happen, and to which number.' },
    },
  },
  create: ({ words, risks, hypothesis }) => ({
    screen({ proposal }: CommittedExperiment): GateResult {
      const found = { words: countWords(proposal.rationale), risks: proposal.risks.filter((risk) => countWords(risk) > 0).length };
      const missing = [
        ...(found.words < words ? [`a rationale of at least ${words} words (it has ${found.words})`] : []),
        ...(found.risks < risks ? [`at least ${risks} named ${risks === 1 ? 'risk' : 'risks'} (it has ${found.risks})`] : []),
        ...(hypothesis && countWords(proposal.hypothesis) === 0 ? ['a hypothesis'] : []),
      ];
      const evidence = { ...found, source: proposal.source };
      if (missing.length === 0) return { outcome: 'pass', code: 'RATIONALE_GIVEN', reason: 'why and risks are named', evidence };
      return { outcome: 'fail', code: 'RATIONALE_MISSING', reason: `the report lacks ${missing.join(' and ')}`, evidence };
    },
  }),
});

/** Runs of letters and digits of any script; one that writes without spaces counts its characters. */
function countWords(text: string): number {
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  const spaced = text.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' ');
  return unspaced + (spaced.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0);
}
