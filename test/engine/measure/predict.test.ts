/** The evaluator asks a program of the candidate: what goes well, and everything a candidate can do to the talk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/sandbox/probe.ts';
import { leftovers } from '../../helpers/processes.ts';
import { makeProject, run, stepsAgent } from '../../helpers/project.ts';

const { layer } = await probe('auto');
const MODES = layer === 'bwrap' ? (['bwrap', 'off'] as const) : (['off'] as const);

const NODE_ASKS = `
import { readFileSync, readSync, writeSync } from 'node:fs';
const send = (value) => { const bytes = Buffer.from(JSON.stringify(value) + '\\n'); for (let at = 0; at < bytes.length; ) at += writeSync(4, bytes, at); };
let text = '';
const chunk = Buffer.alloc(65536);
const receive = () => {
  while (!text.includes('\\n')) {
    const count = readSync(3, chunk);
    if (count === 0) throw new Error('no answer');
    text += chunk.toString('latin1', 0, count);
  }
  const line = text.slice(0, text.indexOf('\\n'));
  text = text.slice(line.length + 1);
  return JSON.parse(Buffer.from(line, 'latin1').toString());
};
let id = 0;
const predict = (inputs) => { send({ id: ++id, inputs }); return receive().outputs; };
const restart = () => { send({ restart: true }); return receive().restarted; };
const answer = Number(readFileSync('data/answer', 'utf8'));
`;
const PYTHON_ASKS = `
import json, os
answers, requests = os.fdopen(3), os.fdopen(4, 'w')
def predict(inputs, n=[0]):
    n[0] += 1
    print(json.dumps({'id': n[0], 'inputs': inputs}), file=requests, flush=True)
    return json.loads(answers.readline())['outputs']
outputs = predict([1, 2]) + predict([3])
print('loss: %g' % sum(outputs))
`;
const PYTHON_SERVES = `
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({'id': request['id'], 'outputs': [2 * x for x in request['inputs']]}), flush=True)
`;
/** A server in Node whose answer to a request is what the code writes with \`say\`. */
const serving = (code: string) => `
import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
const say = (value) => console.log(typeof value === 'string' ? value : JSON.stringify(value));
let seen = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, inputs } = JSON.parse(line);
  seen++;
  ${code}
}
`;
const HONEST = 'say({ id, outputs: inputs.map((x) => x * 2) });';

interface Talk {
  readonly evaluator?: string;
  readonly model?: string;
  readonly sandbox: string;
  readonly timeout?: string;
  readonly maxOutputMb?: number;
  readonly predict?: readonly string[];
}

const python = 'python3';

async function talk({ evaluator = `${NODE_ASKS}console.log('loss:', predict([answer])[0]);`, model = serving(HONEST), ...rest }: Talk) {
  const isPython = evaluator.includes('import json');
  const repo = makeProject(
    {
      agent: stepsAgent([]),
      sandbox: rest.sandbox,
      scope: { edit: ['value.txt', 'serve.mjs', 'serve.py'] },
      workspace: { env: ['PYENV_ROOT'] },
      trainer: {
        use: 'command',
        with: { run: ['true'] },
        timeout: '20s',
        evaluate: {
          run: isPython ? [python, 'evaluate.py'] : [process.execPath, 'evaluate.mjs'],
          data: ['data/answer'],
          predict: {
            run: rest.predict ?? (model.includes('import json') ? [python, 'serve.py'] : [process.execPath, 'serve.mjs']),
            timeout: rest.timeout ?? '20s',
          },
          timeout: '60s',
          maxOutputMb: rest.maxOutputMb ?? 1,
        },
      },
    },
    { '.gitignore': 'data\n', 'evaluate.mjs': evaluator, 'evaluate.py': evaluator, 'serve.mjs': model, 'serve.py': model },
  );
  mkdirSync(join(repo.dir, 'data'));
  writeFileSync(join(repo.dir, 'data/answer'), '21\n');
  const { experiments } = await run(repo.dir);
  const [baseline] = experiments;
  const log = repo.git('log', '-1', '--skip=1', '--format=%H', 'refs/autoresearch/night/ledger').trim();
  return {
    metrics: baseline?.metrics,
    code: baseline?.reason.code,
    text: baseline?.reason.text,
    evaluation: baseline?.trials[0]?.evaluation,
    log: repo.git('show', `${log}:log.txt`),
    left: await leftovers(repo.dir),
  };
}

describe.each(MODES)('an evaluator that asks (sandbox: %s)', (sandbox) => {
  it('gets the answers of the candidate, which is told of no answers of its own', async () => {
    const found = await talk({
      sandbox,
      model: serving("console.error('seen ' + existsSync('data/answer')); say({ id, outputs: inputs.map((x) => x * 2) });"),
    });
    expect(found).toMatchObject({ metrics: { loss: 42 }, evaluation: { predict: { batches: 1 } }, left: [] });
    expect(found.log).toContain('seen false');
  });

  it('may be written in Python, as may the candidate', async () => {
    const found = await talk({ sandbox, evaluator: PYTHON_ASKS, model: PYTHON_SERVES });
    expect([found.metrics, found.text]).toEqual([{ loss: 12 }, 'the starting point']);
  });

  it('may write many requests before it reads, and large ones', async () => {
    const evaluator = `${NODE_ASKS}
const ids = Array.from({ length: 50 }, (_, index) => index + 1);
for (const id of ids) send({ id, inputs: ['x'.repeat(200_000)] });
let sum = 0;
for (const id of ids) { const found = receive(); if (found.id !== id) throw new Error('order'); sum += found.outputs[0]; }
console.log('loss:', sum);`;
    // Sent without waiting, more than the pipes hold would wait for ever: the answers are short here.
    const found = await talk({ sandbox, evaluator, model: serving('say({ id, outputs: inputs.map((x) => x.length) });') });
    expect([found.metrics, found.text]).toEqual([{ loss: 10_000_000 }, 'the starting point']);
  });

  it('has a candidate begin anew, that knows nothing of before', async () => {
    const evaluator = `${NODE_ASKS}
const first = predict(['secret']);
if (restart() !== true) throw new Error('no restart');
console.log('loss:', first[0] * 10 + predict(['again'])[0]);`;
    // Where there is no sandbox, what it has written is still there.
    const model = serving(`
      try { appendFileSync(process.env.HOME + '/kept', 'x'); appendFileSync('kept', 'x'); appendFileSync('/tmp/autoresearch-kept-' + process.ppid, 'x'); } catch {}
      say({ id, outputs: [seen] });`);
    const found = await talk({ sandbox, evaluator, model });
    expect([found.metrics, found.text]).toEqual([{ loss: 11 }, 'the starting point']);
    expect(found.evaluation?.predict?.batches).toBe(2);
  });

  it('need not ask at all, nor wait for an answer', async () => {
    expect(await talk({ sandbox, evaluator: "console.log('loss: 1');" })).toMatchObject({ metrics: { loss: 1 }, left: [] });
    const evaluator = `${NODE_ASKS}send({ id: 1, inputs: [1] }); console.log('loss: 2'); process.exit(0);`;
    expect(await talk({ sandbox, evaluator, model: serving('') })).toMatchObject({ metrics: { loss: 2 }, left: [] });
  });

  it.each([
    ['dies', 'console.error("gone wrong"); process.exit(3);', 'PREDICT_ENDED', /ended with exit code 3 while it was asked: gone wrong/],
    ['is killed', 'process.kill(process.pid, "SIGKILL");', 'PREDICT_ENDED', /SIGKILL/],
    ['closes its output', 'writeSync(1, ""); (await import("node:fs")).closeSync(1); process.exit(0);', 'PREDICT_ENDED', /exit code 0/],
    ['does not answer', '', 'PREDICT_TIMED_OUT', /within 1s/],
    ['answers half a line', 'process.stdout.write(`{"id":${id}`);', 'PREDICT_TIMED_OUT', /within 1s/],
    ['answers no JSON', 'say("loss: 0");', 'PREDICT_INVALID', /no JSON: loss: 0/],
    ['answers another id', 'say({ id: id + 1, outputs: [0] });', 'PREDICT_INVALID', /answered 2 when it was asked 1/],
    ['answers without an id', 'say({ outputs: [0] });', 'PREDICT_INVALID', /answered no id when it was asked 1/],
    ['answers too few', 'say({ id, outputs: [] });', 'PREDICT_INVALID', /0 outputs to 1 inputs/],
    ['answers no list', 'say({ id, outputs: { length: 1 } });', 'PREDICT_INVALID', /no list of outputs/],
    ['answers null', 'say("null");', 'PREDICT_INVALID', /answered no id/],
    [
      'answers twice',
      'const one = JSON.stringify({ id, outputs: [0] }); writeSync(1, one + "\\n" + one + "\\n");',
      'PREDICT_INVALID',
      /twice/,
    ],
    ['floods with one line', 'for (;;) writeSync(1, "x".repeat(65536));', 'PREDICT_INVALID', /longer than 1 MiB/],
    ['floods with many', 'for (;;) writeSync(1, "{}\\n".repeat(10000));', 'PREDICT_INVALID', /answered no id/],
  ] as const)('says so where the candidate %s', async (_name, code, reason, text) => {
    const found = await talk({ sandbox, model: serving(code), timeout: reason === 'PREDICT_TIMED_OUT' ? '1s' : '20s' });
    expect([found.code, found.metrics]).toEqual([reason, {}]);
    expect(found.text).toMatch(text);
    expect(found.left).toEqual([]);
  });

  it('says so where the program of the candidate is not there', async () => {
    const found = await talk({ sandbox, predict: ['./no-such-program'] });
    expect([found.code, found.text]).toEqual(['PREDICT_ENDED', expect.stringContaining('could not be started (ENOENT)')]);
  });

  it.each([
    ['{"id":1', 'no JSON'],
    ['{"id":1.5,"inputs":[]}', 'no whole number'],
    ['{"id":1,"inputs":"abc"}', 'no list of inputs'],
    ['{"id":1,"inputs":[1]}\\n{"id":1,"inputs":[1]}', 'the id 1 a second time'],
  ])('is told of its own mistakes: %s', async (line, text) => {
    const evaluator = `${NODE_ASKS}writeSync(4, '${line}\\n'); receive(); receive(); console.log('loss: 0');`;
    const found = await talk({ sandbox, evaluator });
    expect([found.code, found.text]).toEqual(['EVALUATION_FAILED', expect.stringContaining(text)]);
  });
});
