// PROTECTED: asks the router for the queues of texts, and counts every paid step, because the steps are taken here.
import { askCandidate } from './engine.mjs';

const SERVE = ['node', 'serve.mjs'];
const MOST_STEPS = 20;

/** For each message, in their order: the queue, the cost in cents and the time in milliseconds, both modelled. */
export async function runRouter({ messages, queues, prices }) {
  const spent = messages.map(() => ({ ...prices.message }));
  const answer = (index, model) => {
    if (model !== 'small' && model !== 'large') throw new Error(`the router asked for something there is not: ${JSON.stringify(model)}`);
    spent[index].cents += prices[model].cents;
    spent[index].ms += prices[model].ms;
    return messages[index][model];
  };
  const texts = messages.map(({ text }) => text);
  // One after the other, so that the router may learn from those before.
  const routed = await askCandidate(texts, { serve: SERVE, batch: 1, mostQuestions: MOST_STEPS, answer });
  return routed.map((queue, index) => {
    if (!queues.includes(queue)) throw new Error(`the router named a queue there is not: ${JSON.stringify(queue)}`);
    return { queue, ...spent[index] };
  });
}
