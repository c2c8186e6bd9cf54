// PROTECTED: what an evaluator has from the engine: the rows it measures on, and the candidate it asks.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The engine names the split to evaluators alone; without it, a person or an agent has started this one. */
const isByHand = process.env.AUTORESEARCH_SPLIT === undefined;
const list = readList();

/** `loop`, in an audit `holdout`, and where an agent looks for itself `open`. */
export const split = list.split;

/**
 * The rows that the config's `data` calls by a name, with the schema of a row and the format of the file they came from:
 * those of the split, else those that are open to all.
 */
export function readData(name, wanted = split) {
  const named = list.files.filter((file) => file.name === name);
  const own = named.filter((file) => file.split === wanted);
  const files = own.length > 0 ? own : named.filter((file) => file.split === 'open');
  if (files.length === 0) throw new Error(missing(name, wanted));
  const rows = files.flatMap(({ path }) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  return { rows, schema: files[0].schema, format: files[0].format };
}

function readList() {
  const path = process.env.AUTORESEARCH_DATA;
  if (path === undefined) {
    console.error('AUTORESEARCH_DATA is not set, so there is no data; by hand: npx autoresearch exec -- node evaluate.mjs');
    process.exit(1);
  }
  return JSON.parse(readFileSync(path, 'utf8'));
}

function missing(name, wanted) {
  const there = list.files.map((file) => `${file.source} (${file.name}${file.split === 'holdout' ? ', held out' : ''})`);
  const held = wanted === 'holdout' ? 'held-out ' : '';
  return `data: the config names no ${held}file with the rows of a "${name}"; there are: ${there.join(', ') || 'none'}`;
}

/** Ends with one line of reason, so that nothing is measured. */
process.on('uncaughtException', ({ message }) => {
  console.error(message);
  process.exit(1);
});

/**
 * Takes inputs to the candidate, at most `batch` of them at once, and each to its end. What the candidate asks for on the
 * way, `answer(index, question)` says; the same input may ask `mostQuestions` times.
 * @returns the results, in the order of the inputs
 */
export async function askCandidate(inputs, { serve, batch = inputs.length, mostQuestions = 0, answer }) {
  const candidate = isByHand ? startByHand(serve) : connect();
  const results = [];
  try {
    for (let at = 0; at < inputs.length; at += batch) {
      let open = inputs.slice(at, at + batch).map((input, index) => ({ key: at + index, input }));
      for (let round = 0; open.length > 0; round++) {
        if (round > mostQuestions) throw new Error(`the candidate asked more than ${mostQuestions} times about one input`);
        const outputs = await candidate.ask(open);
        const next = [];
        for (const [index, { key }] of open.entries()) {
          const output = outputs[index];
          if (typeof output !== 'object' || output === null) throw new Error('the candidate gave neither a result nor a question');
          if ('question' in output) next.push({ key, answer: answer(key, output.question) });
          else results[key] = output.result;
        }
        open = next;
      }
    }
  } finally {
    candidate.end();
  }
  return results;
}

/** Within a trial the candidate is in a sandbox of its own, and the engine passes the lines between it and us. */
function connect() {
  const requests = new Socket({ fd: 4, readable: false });
  const answers = new Socket({ fd: 3, writable: false });
  return talk(requests, answers, () => requests.end());
}

function startByHand([program, ...args]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  return talk(child.stdin, child.stdout, () => child.kill());
}

function talk(requests, answers, end) {
  const lines = createInterface({ input: answers })[Symbol.asyncIterator]();
  let id = 0;
  return {
    async ask(inputs) {
      id += 1;
      requests.write(`${JSON.stringify({ id, inputs })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('the candidate ended before it had answered');
      return JSON.parse(value).outputs;
    },
    end() {
      end();
      answers.destroy();
    },
  };
}
