// PROTECTED: the candidate's side of the evaluation, in a process without answers: lines come in on standard input,
// and go out on standard output.
import { createInterface } from 'node:readline';

// What the candidate prints is for people, and must not get between the lines.
console.log = console.error;

/**
 * Gives the evaluator what `run(input, ask)` comes to, for each input. On the way, `await ask(question)` has the
 * evaluator answer a question.
 */
export async function serve(run) {
  const conversations = new Map();
  const step = ({ key, input, answer }) => {
    const known = conversations.get(key);
    known?.hear(answer);
    const conversation = known ?? startConversation(run, input);
    conversations.set(key, conversation);
    return conversation.next();
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, inputs } = JSON.parse(line);
    const outputs = await Promise.all(inputs.map(step));
    for (const [index, { key }] of inputs.entries()) if ('result' in outputs[index]) conversations.delete(key);
    process.stdout.write(`${JSON.stringify({ id, outputs })}\n`);
  }
}

/** Of questions asked at once, the second waits for the answer to the first. */
function startConversation(run, input) {
  const questions = [];
  let [tell, fail, hear, finished] = [];
  const say = () => {
    if (tell === undefined || (questions.length === 0 && finished === undefined)) return;
    const now = tell;
    tell = undefined;
    if (questions.length === 0) return now(finished);
    const next = questions.shift();
    hear = next.hear;
    now({ question: next.question });
  };
  const ask = (question) => new Promise((resolve) => say(questions.push({ question, hear: resolve })));
  run(input, ask).then(
    (result) => say((finished = { result })),
    (error) => fail(error),
  );
  return {
    hear: (answer) => hear(answer),
    next: () => new Promise((resolve, reject) => say(([tell, fail] = [resolve, reject]))),
  };
}
