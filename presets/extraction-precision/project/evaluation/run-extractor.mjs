// PROTECTED: asks the extractor for the values of texts, and counts every paid step, because the steps are taken here.
import { askCandidate } from './engine.mjs';

const SERVE = ['node', 'serve.mjs'];
const MOST_STEPS = 50;

/** For each document, in their order: the values given, null where there is none, and the cost in cents. */
export async function runExtractor({ documents, fields, prices }) {
  const costs = documents.map(() => prices.document);
  const answer = (index, { rescan, field }) => {
    const { text, rescan: better = text, answers = {} } = documents[index];
    if (rescan === true) {
      costs[index] += prices.rescan;
      return better;
    }
    if (!fields.includes(field)) throw new Error(`the extractor asked for a field there is not: ${JSON.stringify(field)}`);
    costs[index] += prices.answer;
    return answers[field] ?? null;
  };
  const texts = documents.map(({ text }) => text);
  const found = await askCandidate(texts, { serve: SERVE, mostQuestions: MOST_STEPS, answer });
  return found.map((values, index) => ({ values: checked(values, fields), cost: costs[index] }));
}

function checked(values, fields) {
  const unknown = Object.keys(values ?? {}).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw new Error(`the extractor gave a field there is not: ${unknown}`);
  return Object.fromEntries(
    fields.map((field) => {
      const value = values?.[field] ?? null;
      if (value !== null && typeof value !== 'string')
        throw new Error(`the extractor gave ${field} as ${JSON.stringify(value)}: a text or null is asked`);
      return [field, value === '' ? null : value];
    }),
  );
}
