// PROTECTED: asks the router for the queues of texts, and counts every paid step, because the steps are taken here.
import { askCandidate } from './engine.mjs';

const SERVE = ['node', 'serve.mjs'];
const MOST_STEPS = 20;
/** Messages that are asked about at once. */
const AT_ONCE = 20;

/** For each message, in their order: the queue, the cost in cents and the time in milliseconds, both modelled. */
export async function runRouter({ messages, queues, prices }) {
  const spent = messages.map(() => ({ ...prices.message }));
  const order = farApart(messages.length);
  const answer = (place, model) => {
    const index = order[place];
    if (model !== 'small' && model !== 'large') throw new Error(`the router asked for something there is not: ${JSON.stringify(model)}`);
    spent[index].cents += prices[model].cents;
    spent[index].ms += prices[model].ms;
    return messages[index][model];
  };
  const texts = order.map((index) => messages[index].text);
  const routed = await askCandidate(texts, { serve: SERVE, batch: AT_ONCE, mostQuestions: MOST_STEPS, answer });
  const results = [];
  for (const [place, queue] of routed.entries()) {
    if (!queues.includes(queue)) throw new Error(`the router named a queue there is not: ${JSON.stringify(queue)}`);
    results[order[place]] = { queue, ...spent[order[place]] };
  }
  return results;
}

/**
 * An order in which messages that are asked about together are far apart, so that two messages of one customer are routed one
 * after the other.
 */
function farApart(count) {
  const apart = Math.ceil(count / AT_ONCE);
  return Array.from({ length: apart * AT_ONCE }, (_, place) => (place % AT_ONCE) * apart + Math.floor(place / AT_ONCE)).filter(
    (index) => index < count,
  );
}
